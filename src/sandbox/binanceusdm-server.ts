// The streams of Binance USDⓈ-M futures: diff and partial depth, best bid and ask, mark price with
// funding; raw and combined, split into /public and /market as since 2026-04, and the undivided
// paths before it.
import type { Ms } from '../domain/index.ts';
import { answerBinance } from './binanceusdm-rest.ts';
import { PublishedBook } from './published-book.ts';
import type { BookChange } from './published-book.ts';
import { VenueQuotes } from './venue-quotes.ts';
import { Beat, TopicHub, parseObject, textList } from './wire.ts';
import type { RestReply, RestRequest, VenueProtocol, WireClient } from './wire.ts';
import type { World } from './world.ts';
import type { WorldInstrument } from './world-instrument.ts';

const PATH = /^(?:\/(public|market))?\/(ws|stream)(?:\/.*)?$/;
const PARTIAL_DEPTHS = [5, 10, 20] as const;
/** Diff streams besides the 100 ms one, with their names' endings. */
const SLOWER = [
  { suffix: '', everyMs: 250 },
  { suffix: '@500ms', everyMs: 500 },
] as const;

export class BinanceProtocol implements VenueProtocol {
  readonly venue = 'binanceusdm';
  readonly #quotes: VenueQuotes;
  readonly #hub = new TopicHub();
  readonly #second = new Beat(1000);
  readonly #threeSeconds = new Beat(3000);
  readonly #slower: readonly {
    readonly suffix: string;
    readonly beat: Beat;
    readonly books: ReadonlyMap<WorldInstrument, PublishedBook>;
  }[];

  constructor(world: World, nowMs: () => Ms) {
    // Ids count every update of the matching engine: one that leaves no trace, and one for each
    // level.
    const nextId = (lastId: number, changeCount: number) => lastId + 1 + changeCount;
    const quotes = new VenueQuotes(this.venue, { world, nowMs }, nextId);
    this.#quotes = quotes;
    this.#slower = SLOWER.map(({ suffix, everyMs }) => ({
      suffix,
      beat: new Beat(everyMs),
      books: new Map(
        quotes.instruments.map((instrument) => {
          const book = new PublishedBook(world.book(instrument), quotes.book(instrument).lastId);
          return [instrument, book];
        }),
      ),
    }));
  }

  answer(request: RestRequest): RestReply {
    return answerBinance(this.#quotes, request);
  }

  opensAt(path: string): boolean {
    return PATH.test(path);
  }

  opened(client: WireClient): void {
    const inPath = client.path.split('/').filter((part) => part.includes('@'));
    const inQuery = (client.query.get('streams') ?? '').split('/').filter((part) => part !== '');
    for (const stream of [...inPath, ...inQuery]) this.#hub.add(stream, client);
  }

  closed(client: WireClient): void {
    this.#hub.leave(client);
  }

  received(client: WireClient, text: string): void {
    const request = parseObject(text);
    const id = request?.['id'] ?? null;
    const streams = textList(request?.['params']) ?? [];
    client.send(JSON.stringify({ ...this.#perform(client, request?.['method'], streams), id }));
  }

  #perform(client: WireClient, method: unknown, streams: readonly string[]): object {
    switch (method) {
      case 'SUBSCRIBE': {
        const isTaken = streams.every((stream) => this.#hub.add(stream, client));
        return isTaken ? { result: null } : refusal('too many streams');
      }
      case 'UNSUBSCRIBE':
        for (const stream of streams) this.#hub.remove(stream, client);
        return { result: null };
      case 'LIST_SUBSCRIPTIONS':
        return { result: this.#hub.topicsOf(client) };
      default:
        return refusal('unknown method');
    }
  }

  publish(atMs: Ms, changed: readonly WorldInstrument[]): void {
    for (const instrument of changed) {
      if (instrument.venue === this.venue) this.#publishBook(instrument, atMs);
    }
    for (const { suffix, beat, books } of this.#slower) {
      if (!beat.isDue(atMs)) continue;
      for (const [instrument, book] of books) this.#publishSlower(instrument, book, suffix);
    }
    if (this.#second.isDue(atMs)) this.#publishMarks('@1s');
    if (this.#threeSeconds.isDue(atMs)) this.#publishMarks('');
  }

  #publishBook(instrument: WorldInstrument, atMs: Ms): void {
    const name = instrument.venueSymbol.toLowerCase();
    const change = this.#quotes.advanceBook(instrument);
    this.#send(`${name}@depth@100ms`, () => this.#depthFrame(instrument, change));
    for (const depth of PARTIAL_DEPTHS) {
      const stream = `${name}@depth${depth}`;
      for (const topic of [stream, `${stream}@100ms`, `${stream}@500ms`]) {
        this.#send(topic, () => this.#partialFrame(instrument, change, depth));
      }
    }
    this.#send(`${name}@bookTicker`, () => {
      const top = this.#quotes.top(instrument);
      return JSON.stringify({
        e: 'bookTicker',
        u: change.lastId,
        s: instrument.venueSymbol,
        b: top.bidPrice,
        B: top.bidSize,
        a: top.askPrice,
        A: top.askSize,
        T: this.#quotes.bookAtMs(instrument),
        E: atMs,
      });
    });
  }

  /** Behind by design: everything since this stream's own last frame, in one. */
  #publishSlower(instrument: WorldInstrument, book: PublishedBook, suffix: string): void {
    const { lastId } = this.#quotes.book(instrument);
    if (lastId === book.lastId) return;
    const change = book.advance(this.#quotes.world.book(instrument), () => lastId);
    const topic = `${instrument.venueSymbol.toLowerCase()}@depth${suffix}`;
    this.#send(topic, () => this.#depthFrame(instrument, change));
  }

  #publishMarks(suffix: string): void {
    const all = this.#quotes.instruments;
    for (const instrument of all) {
      const topic = `${instrument.venueSymbol.toLowerCase()}@markPrice${suffix}`;
      this.#send(topic, () => JSON.stringify(this.#mark(instrument)));
    }
    const everyone = `!markPrice@arr${suffix}`;
    this.#send(everyone, () => JSON.stringify(all.map((instrument) => this.#mark(instrument))));
  }

  #mark(instrument: WorldInstrument) {
    return {
      e: 'markPriceUpdate',
      E: this.#quotes.nowMs(),
      s: instrument.venueSymbol,
      p: this.#quotes.markText(instrument, 4),
      ap: this.#quotes.markText(instrument, 4),
      P: this.#quotes.indexText(instrument, 4),
      i: this.#quotes.indexText(instrument, 4),
      r: this.#quotes.rateText(instrument),
      T: this.#quotes.world.funding(instrument).fundingAtMs,
    };
  }

  #depthFrame(instrument: WorldInstrument, change: BookChange): string {
    return JSON.stringify({
      ...this.#depthHead(instrument, change),
      b: this.#quotes.levels(instrument, change.bids),
      a: this.#quotes.levels(instrument, change.asks),
    });
  }

  #partialFrame(instrument: WorldInstrument, change: BookChange, depth: number): string {
    const book = this.#quotes.book(instrument);
    return JSON.stringify({
      ...this.#depthHead(instrument, change),
      b: this.#quotes.levels(instrument, book.bids(depth)),
      a: this.#quotes.levels(instrument, book.asks(depth)),
    });
  }

  #depthHead(instrument: WorldInstrument, change: BookChange) {
    return {
      e: 'depthUpdate',
      E: this.#quotes.nowMs(),
      T: this.#quotes.bookAtMs(instrument),
      s: instrument.venueSymbol,
      U: change.firstId,
      u: change.lastId,
      pu: change.previousId,
    };
  }

  /** Combined connections get the stream's name around the same text. */
  #send(stream: string, build: () => string): void {
    if (!this.#hub.isWanted(stream)) return;
    const raw = build();
    let combined: string | undefined;
    for (const client of this.#hub.listeners(stream)) {
      const [, category, form] = PATH.exec(client.path) ?? [];
      if (category !== undefined && category !== categoryOf(stream)) continue;
      if (form === 'stream') {
        combined ??= `{"stream":${JSON.stringify(stream)},"data":${raw}}`;
        client.send(combined);
      } else client.send(raw);
    }
  }
}

const refusal = (text: string): object => ({ error: { code: 2, msg: `Invalid request: ${text}` } });

/** A stream asked for on the other path is accepted there and stays silent. */
const categoryOf = (stream: string): 'public' | 'market' =>
  /@(depth|bookTicker)/.test(stream) ? 'public' : 'market';
