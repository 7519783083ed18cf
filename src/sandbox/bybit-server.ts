// The linear public stream of Bybit v5: order books as snapshot then deltas (depth 1 as snapshots
// only) and tickers, which carry mark price and funding. Answers to requests come before the first
// frame of a topic.
import type { Ms } from '../domain/index.ts';
import { answerBybit, crossSequence, tickerFields } from './bybit-rest.ts';
import type { Fields } from './bybit-rest.ts';
import type { BookChange, WireLevel } from './published-book.ts';
import { VenueQuotes } from './venue-quotes.ts';
import { TopicHub, parseObject, textList } from './wire.ts';
import type { RestReply, RestRequest, VenueProtocol, WireClient } from './wire.ts';
import type { World } from './world.ts';
import type { WorldInstrument } from './world-instrument.ts';

const STREAM_PATH = '/v5/public/linear';
const DEPTHS = [1, 50, 200, 1000] as const;
const TOPIC = /^(?:orderbook\.(1|50|200|1000)|(tickers))\.([A-Z0-9]+)$/;

interface Topic {
  readonly name: string;
  readonly instrument: WorldInstrument;
  /** Absent for tickers. */
  readonly depth: number | undefined;
}

export class BybitProtocol implements VenueProtocol {
  readonly venue = 'bybit';
  readonly #quotes: VenueQuotes;
  readonly #hub = new TopicHub();
  /** What the listeners of each ticker hold by now. */
  readonly #tickers = new Map<WorldInstrument, Fields>();

  constructor(world: World, nowMs: () => Ms) {
    this.#quotes = new VenueQuotes(this.venue, { world, nowMs }, (lastId) => lastId + 1);
  }

  answer(request: RestRequest): RestReply {
    return answerBybit(this.#quotes, request);
  }

  opensAt(path: string): boolean {
    return path === STREAM_PATH;
  }

  /** Nothing is said until the client asks. */
  opened(): void {}

  closed(client: WireClient): void {
    this.#hub.leave(client);
  }

  received(client: WireClient, text: string): void {
    const request = parseObject(text);
    const op = request?.['op'] ?? '';
    const names = textList(request?.['args']) ?? [];
    const topics = names.map((name) => this.#topic(name));
    const unknown = names.find((_, place) => topics[place] === undefined);
    const [success, ret_msg] = verdict(op, unknown);
    const req_id = request?.['req_id'] ?? '';
    client.send(JSON.stringify({ success, ret_msg, conn_id: client.connectionId, req_id, op }));
    if (!success) return;
    for (const topic of topics) {
      if (topic === undefined) continue;
      if (op === 'unsubscribe') this.#hub.remove(topic.name, client);
      if (op === 'subscribe') this.#welcome(topic, client);
    }
  }

  publish(atMs: Ms, changed: readonly WorldInstrument[]): void {
    for (const instrument of changed) {
      if (instrument.venue !== this.venue) continue;
      this.#publishBook(instrument, this.#quotes.advanceBook(instrument));
      this.#publishTicker(instrument, atMs);
    }
  }

  #topic(name: string): Topic | undefined {
    const [, depth, , symbol] = TOPIC.exec(name) ?? [];
    const instrument = this.#quotes.find(symbol ?? '');
    if (instrument === undefined) return undefined;
    return { name, instrument, depth: depth === undefined ? undefined : Number(depth) };
  }

  /** The state as published so far, so that the next delta fits. */
  #welcome({ name, instrument, depth }: Topic, client: WireClient): void {
    const isFirst = !this.#hub.isWanted(name);
    if (!this.#hub.add(name, client)) return;
    if (depth !== undefined) {
      client.send(this.#bookSnapshot(name, instrument, depth));
      return;
    }
    const known = isFirst ? undefined : this.#tickers.get(instrument);
    const ticker = known ?? tickerFields(this.#quotes, instrument);
    this.#tickers.set(instrument, ticker);
    client.send(this.#tickerFrame(instrument, { type: 'snapshot', data: ticker }));
  }

  #publishBook(instrument: WorldInstrument, change: BookChange): void {
    for (const depth of DEPTHS) {
      const topic = `orderbook.${depth}.${instrument.venueSymbol}`;
      this.#hub.send(topic, () => {
        if (depth === 1) return this.#bookSnapshot(topic, instrument, depth);
        const { bids, asks, lastId } = change;
        return this.#bookFrame(topic, instrument, { type: 'delta', bids, asks, updateId: lastId });
      });
    }
  }

  #bookSnapshot(topic: string, instrument: WorldInstrument, depth: number): string {
    const book = this.#quotes.book(instrument);
    const [bids, asks] = [book.bids(depth), book.asks(depth)];
    const updateId = book.lastId;
    return this.#bookFrame(topic, instrument, { type: 'snapshot', bids, asks, updateId });
  }

  #bookFrame(
    topic: string,
    instrument: WorldInstrument,
    frame: {
      readonly type: 'snapshot' | 'delta';
      readonly bids: readonly WireLevel[];
      readonly asks: readonly WireLevel[];
      readonly updateId: number;
    },
  ): string {
    return JSON.stringify({
      topic,
      type: frame.type,
      ts: this.#quotes.nowMs(),
      data: {
        s: instrument.venueSymbol,
        b: this.#quotes.levels(instrument, frame.bids),
        a: this.#quotes.levels(instrument, frame.asks),
        u: frame.updateId,
        seq: crossSequence(frame.updateId),
      },
      cts: this.#quotes.bookAtMs(instrument),
    });
  }

  /** Only what has changed; nothing when nothing has. */
  #publishTicker(instrument: WorldInstrument, atMs: Ms): void {
    if (!this.#hub.isWanted(`tickers.${instrument.venueSymbol}`)) return;
    const held = this.#tickers.get(instrument) ?? {};
    const ticker: Fields = tickerFields(this.#quotes, instrument);
    const changed = Object.entries(ticker).filter(([field, text]) => held[field] !== text);
    if (changed.length === 0) return;
    this.#tickers.set(instrument, ticker);
    const data = { symbol: instrument.venueSymbol, ...Object.fromEntries(changed) };
    const frame = this.#tickerFrame(instrument, { type: 'delta', data }, atMs);
    this.#hub.send(`tickers.${instrument.venueSymbol}`, () => frame);
  }

  #tickerFrame(
    instrument: WorldInstrument,
    content: { readonly type: 'snapshot' | 'delta'; readonly data: Fields },
    ts: Ms = this.#quotes.nowMs(),
  ): string {
    const topic = `tickers.${instrument.venueSymbol}`;
    const cs = crossSequence(this.#quotes.book(instrument).lastId);
    return JSON.stringify({ topic, ...content, cs, ts });
  }
}

/** Whether a request is granted, and the text that says so. */
function verdict(op: unknown, unknownTopic: string | undefined): readonly [boolean, string] {
  if (op === 'ping') return [true, 'pong'];
  if (op !== 'subscribe' && op !== 'unsubscribe') return [false, 'error:op not found'];
  if (unknownTopic === undefined) return [true, ''];
  return [false, `error:handler not found,topic:${unknownTopic}`];
}
