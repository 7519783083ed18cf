// A market that the test moves by hand, clients that keep their frames, and a client's own book.
import { toMs } from '../../src/domain/index.ts';
import { World, createMarket } from '../../src/sandbox/index.ts';
import type { Market } from '../../src/sandbox/index.ts';
import type { VenueProtocol, WireClient } from '../../src/sandbox/wire.ts';

export type Json = Readonly<Record<string, unknown>>;
export type Level = readonly [price: string, size: string];

export interface Stage extends Market {
  readonly world: World;
  /** Lets so much time pass, in steps of 25 ms. */
  readonly run: (ms: number) => void;
}

export function createStage(seed: number): Stage {
  const world = new World({ seed });
  let now = world.startAtMs;
  const market = createMarket(world, () => now);
  const run = (ms: number): void => {
    for (let step = 0; step < ms; step += 25) {
      now = toMs(now + 25);
      market.advanceTo(now);
    }
  };
  return { world, ...market, run };
}

export class Listener {
  readonly frames: string[] = [];
  readonly #protocol: VenueProtocol;
  readonly #client: WireClient;

  constructor(protocol: VenueProtocol, address: string) {
    const url = new URL(address, 'http://127.0.0.1');
    this.#protocol = protocol;
    this.#client = {
      connectionId: 'c1',
      path: url.pathname,
      query: url.searchParams,
      send: (frame) => this.frames.push(frame),
    };
    protocol.opened(this.#client);
  }

  ask(request: unknown): void {
    const text = typeof request === 'string' ? request : JSON.stringify(request);
    this.#protocol.received(this.#client, text);
  }

  leave(): void {
    this.#protocol.closed(this.#client);
  }

  /** Frames so far, which are then forgotten. */
  take(): Json[] {
    return this.frames.splice(0).map((frame) => toRecord(JSON.parse(frame)));
  }
}

/** The body of a REST answer as a client reads it. */
export function get(protocol: VenueProtocol, address: string): unknown {
  const url = new URL(address, 'http://127.0.0.1');
  const request = { method: 'GET', path: url.pathname, query: url.searchParams };
  return JSON.parse(JSON.stringify(protocol.answer(request).body));
}

/** Absolute sizes by price; 0 removes. */
export class Ladder {
  readonly #bids = new Map<string, string>();
  readonly #asks = new Map<string, string>();

  apply(bids: readonly Level[], asks: readonly Level[]): void {
    applySide(this.#bids, bids);
    applySide(this.#asks, asks);
  }

  /** Best first. */
  sorted(): { bids: Level[]; asks: Level[] } {
    const bids = [...this.#bids].sort((left, right) => Number(right[0]) - Number(left[0]));
    const asks = [...this.#asks].sort((left, right) => Number(left[0]) - Number(right[0]));
    return { bids, asks };
  }
}

function applySide(side: Map<string, string>, levels: readonly Level[]): void {
  for (const [price, size] of levels) {
    if (Number(size) === 0) side.delete(price);
    else side.set(price, size);
  }
}

export function toRecord(value: unknown): Json {
  if (typeof value === 'object' && value !== null) return Object.fromEntries(Object.entries(value));
  throw new TypeError(`expected an object, found ${JSON.stringify(value)}`);
}

export function toRecords(value: unknown): Json[] {
  if (Array.isArray(value)) return value.map(toRecord);
  throw new TypeError(`expected a list, found ${JSON.stringify(value)}`);
}

/** Price and size of each row, whatever follows them. */
export const toLevels = (value: unknown): Level[] =>
  toRecords(value).map((row) => [String(row['0']), String(row['1'])]);
