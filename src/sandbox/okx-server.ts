// The public stream of OKX v5: books with their chain of ids, the short books, mark prices, funding
// and tickers. Heartbeats are the bare texts ping and pong. The checksum of books is 0, as since
// 2026.
import type { Ms } from '../domain/index.ts';
import { answerOkx, fundingFields, markFields, okxLevels, tickerFields } from './okx-rest.ts';
import type { BookChange, WireLevel } from './published-book.ts';
import { VenueQuotes } from './venue-quotes.ts';
import { Beat, TopicHub, parseObject } from './wire.ts';
import type { RestReply, RestRequest, VenueProtocol, WireClient } from './wire.ts';
import type { World } from './world.ts';
import type { WorldInstrument } from './world-instrument.ts';

const STREAM_PATH = '/ws/v5/public';
/** Short books are snapshots only. */
const SHORT_DEPTHS: Readonly<Record<string, number>> = { books5: 5, 'bbo-tbt': 1 };
const CHANNELS: ReadonlySet<string> = new Set([
  'books',
  'books5',
  'bbo-tbt',
  'mark-price',
  'funding-rate',
  'tickers',
]);

export class OkxProtocol implements VenueProtocol {
  readonly venue = 'okx';
  readonly #quotes: VenueQuotes;
  readonly #hub = new TopicHub();
  readonly #markBeat = new Beat(200);
  readonly #fundingBeat = new Beat(1000);
  /** The rate and settlement that listeners know, by instrument. */
  readonly #toldFunding = new Map<WorldInstrument, string>();
  readonly #toldMark = new Map<WorldInstrument, string>();

  constructor(world: World, nowMs: () => Ms) {
    const nextId = (lastId: number, changeCount: number) => lastId + 1 + changeCount;
    this.#quotes = new VenueQuotes(this.venue, { world, nowMs }, nextId);
  }

  answer(request: RestRequest): RestReply {
    return answerOkx(this.#quotes, request);
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
    if (text === 'ping') {
      client.send('pong');
      return;
    }
    const request = parseObject(text);
    const op = request?.['op'];
    const args = request?.['args'];
    if ((op === 'subscribe' || op === 'unsubscribe') && Array.isArray(args)) {
      for (const arg of args) {
        for (const frame of this.#perform(client, op, toArg(arg))) client.send(frame);
      }
    } else client.send(refusal(client, '60012', `Illegal request: ${text.slice(0, 200)}`));
  }

  publish(atMs: Ms, changed: readonly WorldInstrument[]): void {
    for (const instrument of changed) {
      if (instrument.venue !== this.venue) continue;
      this.#publishBook(instrument, this.#quotes.advanceBook(instrument));
      this.#send('tickers', instrument, () => [tickerFields(this.#quotes, instrument)]);
    }
    if (this.#markBeat.isDue(atMs)) this.#publishMarks();
    if (this.#fundingBeat.isDue(atMs)) this.#publishFunding();
  }

  /** The frames that answer one argument of a request. */
  #perform(client: WireClient, op: 'subscribe' | 'unsubscribe', arg: Arg): readonly string[] {
    const { channel, instId } = arg;
    const instrument = this.#quotes.find(instId);
    if (instrument === undefined || !CHANNELS.has(channel)) {
      const text = `Wrong URL or channel:${channel},instId:${instId} doesn't exist.`;
      return [
        refusal(client, '60018', `${text} Please use the correct URL, channel and parameters.`),
      ];
    }
    const topic = topicOf(channel, instrument);
    const answer = JSON.stringify({ event: op, arg, connId: client.connectionId });
    if (op === 'unsubscribe') {
      this.#hub.remove(topic, client);
      return [answer];
    }
    if (!this.#hub.add(topic, client)) return [refusal(client, '60014', 'Requests too frequent')];
    return [answer, this.#firstFrame(channel, instrument)];
  }

  #firstFrame(channel: string, instrument: WorldInstrument): string {
    if (channel === 'books') return this.#snapshotFrame(instrument);
    const depth = SHORT_DEPTHS[channel];
    if (depth !== undefined)
      return frameOf(channel, instrument, [this.#shortBook(instrument, depth)]);
    if (channel === 'mark-price') {
      return frameOf(channel, instrument, [markFields(this.#quotes, instrument)]);
    }
    if (channel === 'funding-rate') {
      return frameOf(channel, instrument, [fundingFields(this.#quotes, instrument)]);
    }
    return frameOf(channel, instrument, [tickerFields(this.#quotes, instrument)]);
  }

  #publishBook(instrument: WorldInstrument, change: BookChange): void {
    this.#hub.send(topicOf('books', instrument), () => {
      const { bids, asks, lastId, previousId } = change;
      const data = this.#bookData(instrument, { bids, asks, seqId: lastId, prevSeqId: previousId });
      return bookFrame(instrument, 'update', data);
    });
    for (const [channel, depth] of Object.entries(SHORT_DEPTHS)) {
      this.#send(channel, instrument, () => [this.#shortBook(instrument, depth)]);
    }
  }

  #snapshotFrame(instrument: WorldInstrument): string {
    const book = this.#quotes.book(instrument);
    const [bids, asks] = [book.bids(400), book.asks(400)];
    const data = this.#bookData(instrument, { bids, asks, seqId: book.lastId, prevSeqId: -1 });
    return bookFrame(instrument, 'snapshot', data);
  }

  #bookData(
    instrument: WorldInstrument,
    content: {
      readonly bids: readonly WireLevel[];
      readonly asks: readonly WireLevel[];
      readonly seqId: number;
      readonly prevSeqId: number;
    },
  ) {
    return {
      asks: okxLevels(this.#quotes, instrument, content.asks),
      bids: okxLevels(this.#quotes, instrument, content.bids),
      ts: String(this.#quotes.bookAtMs(instrument)),
      checksum: 0,
      seqId: content.seqId,
      prevSeqId: content.prevSeqId,
    };
  }

  #shortBook(instrument: WorldInstrument, depth: number) {
    const book = this.#quotes.book(instrument);
    return {
      asks: okxLevels(this.#quotes, instrument, book.asks(depth)),
      bids: okxLevels(this.#quotes, instrument, book.bids(depth)),
      instId: instrument.venueSymbol,
      ts: String(this.#quotes.bookAtMs(instrument)),
      seqId: book.lastId,
    };
  }

  #publishMarks(): void {
    for (const instrument of this.#quotes.instruments) {
      const mark = this.#quotes.markText(instrument, 1);
      if (this.#toldMark.get(instrument) === mark) continue;
      this.#toldMark.set(instrument, mark);
      this.#send('mark-price', instrument, () => [markFields(this.#quotes, instrument)]);
    }
  }

  #publishFunding(): void {
    for (const instrument of this.#quotes.instruments) {
      const { fundingRate, fundingAtMs } = this.#quotes.world.funding(instrument);
      const told = `${fundingRate} ${fundingAtMs}`;
      if (this.#toldFunding.get(instrument) === told) continue;
      this.#toldFunding.set(instrument, told);
      this.#send('funding-rate', instrument, () => [fundingFields(this.#quotes, instrument)]);
    }
  }

  #send(channel: string, instrument: WorldInstrument, build: () => readonly unknown[]): void {
    const topic = topicOf(channel, instrument);
    this.#hub.send(topic, () => frameOf(channel, instrument, build()));
  }
}

const refusal = (client: WireClient, code: string, msg: string): string =>
  JSON.stringify({ event: 'error', code, msg, connId: client.connectionId });

interface Arg {
  readonly channel: string;
  readonly instId: string;
}

function toArg(value: unknown): Arg {
  const fields = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  const text = (name: string): string => {
    const found: unknown = fields.find(([key]) => key === name)?.[1];
    return typeof found === 'string' ? found : '';
  };
  return { channel: text('channel'), instId: text('instId') };
}

const topicOf = (channel: string, instrument: WorldInstrument): string =>
  `${channel}:${instrument.venueSymbol}`;

const frameOf = (channel: string, instrument: WorldInstrument, data: readonly unknown[]): string =>
  JSON.stringify({ arg: { channel, instId: instrument.venueSymbol }, data });

const bookFrame = (
  instrument: WorldInstrument,
  action: 'snapshot' | 'update',
  data: unknown,
): string =>
  JSON.stringify({
    arg: { channel: 'books', instId: instrument.venueSymbol },
    action,
    data: [data],
  });
