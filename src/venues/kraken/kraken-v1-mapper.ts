// What Kraken's first WebSocket protocol says about books: arrays, prices as digits, a checksum
// on every update and no ids. Recordings speak it; it has no feed.
import type { InstrumentId, MarketEvent, Ms } from '../../domain/index.ts';
import { toMs } from '../../domain/index.ts';
import type { FrameReading, SymbolTable } from '../frame-reading.ts';
import { ACK, IGNORED, PONG, reading } from '../frame-reading.ts';
import type { WireRecord } from '../wire-schema.ts';
import { isRecord, parseWire, wireDigits, wireLevels, wireList } from '../wire-schema.ts';
import { wireInstant, WireRefusal } from '../wire-value.ts';

/** Pairs by their `wsname`: `XBT/USD`. */
export function readKrakenV1Frame(text: string, symbols: SymbolTable): FrameReading {
  return reading('kraken', undefined, () => {
    const frame = parseWire(text);
    if (isRecord(frame)) return readAnswer(frame);
    const parts = wireList(frame, 'frame');
    const [pair, channel] = [parts.at(-1), parts.at(-2)];
    const instrumentId = symbols.get(String(pair));
    if (instrumentId === undefined || !String(channel).startsWith('book')) return IGNORED;
    return reading('kraken', instrumentId, () => readBook(parts.slice(1, -2), instrumentId));
  });
}

function readAnswer(frame: WireRecord): FrameReading {
  if (frame['event'] === 'pong') return PONG;
  if (frame['status'] === 'error') {
    return { type: 'rejected', cause: `kraken: ${String(frame['errorMessage'])}` };
  }
  return frame['event'] === 'subscriptionStatus' ? ACK : IGNORED;
}

/** An update that touches both sides comes in two parts; the checksum is in the last. */
function readBook(parts: readonly unknown[], instrumentId: InstrumentId): FrameReading {
  const merged = parts.filter(isRecord).reduce((left, right) => ({ ...left, ...right }), {});
  const isSnapshot = 'as' in merged;
  const rawBids = (isSnapshot ? merged['bs'] : merged['b']) ?? [];
  const rawAsks = (isSnapshot ? merged['as'] : merged['a']) ?? [];
  const bids = wireLevels(rawBids, 'bids');
  const asks = wireLevels(rawAsks, 'asks');
  const eventAtMs = newestOf([...wireList(rawBids, 'bids'), ...wireList(rawAsks, 'asks')]);
  const digits = {
    instrumentId,
    isSnapshot,
    bids: wireDigits(rawBids, 'bids'),
    asks: wireDigits(rawAsks, 'asks'),
    checksum: isSnapshot ? undefined : readChecksum(merged['c']),
  };
  const at = { instrumentId, sequence: eventAtMs, bids, asks, eventAtMs };
  const event: MarketEvent = isSnapshot
    ? { type: 'book.snapshot', ...at }
    : { type: 'book.delta', firstSequence: eventAtMs, ...at };
  return { type: 'events', events: [event], digits };
}

function readChecksum(raw: unknown): number {
  if (typeof raw === 'string' && /^\d{1,10}$/.test(raw)) return Number(raw);
  throw new WireRefusal('c', raw, 'a checksum');
}

/** Levels carry their own time in seconds with six digits after the point. */
function newestOf(levels: readonly unknown[]): Ms {
  let newestAtMs = 0;
  for (const level of levels) {
    newestAtMs = Math.max(newestAtMs, toMillis(wireList(level, 'level')[2]));
  }
  return wireInstant(newestAtMs, 'time');
}

function toMillis(raw: unknown): Ms {
  if (typeof raw === 'string' && /^\d{10}\.\d{6}$/.test(raw)) {
    return toMs(Math.trunc(Number(raw) * 1_000));
  }
  throw new WireRefusal('time', raw, 'seconds with six decimals');
}
