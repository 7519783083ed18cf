// A whole engine whose first venue comes over real sockets: a server on loopback that speaks OKX's
// words as the test says, our own feed, and time that the test moves. The second venue quotes by
// itself.
import { readFileSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import type { WebSocket } from 'ws';
import { crc32 } from '../../src/market/crc32.ts';
import type { InstrumentView } from '../../src/market/view.ts';
import type { Feed } from '../../src/ports/index.ts';
import { okxFeed } from '../../src/venues/okx/okx-feed.ts';
import { OKX, perpetual } from '../machines/carry-plan.ts';
import { LoopbackVenue } from '../venues/loopback-venue.ts';
import type { PaperOptions } from './paper-stage.ts';
import { PaperStage } from './paper-stage.ts';

export const BTC = 'BTC-USDT-SWAP';
export const ETH = 'ETH-USDT-SWAP';
type Levels = readonly (readonly [price: string, contracts: string])[];

export interface BookWords {
  readonly instId?: string;
  readonly bids?: Levels;
  readonly asks?: Levels;
  readonly checksum?: number;
  readonly ts?: unknown;
}

const examples = JSON.parse(
  readFileSync(new URL('../venues/listing-examples.json', import.meta.url), 'utf8'),
) as { readonly okx: unknown };

/** Enough for a frame to go out, be answered and be read, all in this process. */
const TURNS = 6;
const STRIDE_MS = 50;
/** Of the book below, by the venue's rule. */
const CHECKSUM = crc32('9999.9:10000:10000:10000') | 0;
const DEFAULT_BOOK = { bids: [['9999.9', '10000']], asks: [['10000', '10000']] } as const;

export class OkxLine {
  readonly venue = new LoopbackVenue();
  stage!: PaperStage;
  feed!: Feed;
  /** The venue sends an update of each of these with every stride. */
  publishing: readonly string[] = [BTC, ETH];
  isAnsweringText = true;
  isAnsweringSubscriptions = true;
  /** Books that carry a checksum, which holds for their first snapshot. */
  readonly checksums = new Set<string>();
  /** The venue's clock, compared with ours. */
  offsetMs = 0;
  readonly #sequences = new Map<string, number>();

  static async open(
    options: PaperOptions = {},
    prepare: (line: OkxLine) => void = () => undefined,
  ): Promise<OkxLine> {
    const line = new OkxLine();
    const { venue } = line;
    await venue.open();
    prepare(line);
    venue.onMessage = (socket, text) => line.#hear(socket, text);
    venue.answers.set('/api/v5/public/instruments', examples.okx);
    venue.answers.set('/api/v5/public/time', (_: unknown, response: { end(text: string): void }) =>
      response.end(JSON.stringify({ code: '0', data: [{ ts: String(line.venueNowMs()) }] })),
    );
    const { restUrl, wsUrl } = venue;
    const symbols = ['BTC/USDT:USDT', 'ETH/USDT:USDT'];
    line.stage = new PaperStage({
      ...options,
      feed: (clock) => (line.feed = okxFeed({ restUrl, wsUrl, symbols, clock })),
    });
    await line.until(() => line.btc?.book.isSynced === true);
    await line.pass(200);
    return line;
  }

  async close(): Promise<void> {
    await this.feed.stop();
    await this.venue.close();
  }

  get btc(): InstrumentView | undefined {
    return this.stage.market.get(perpetual(OKX));
  }

  get socket(): WebSocket {
    const socket = this.venue.sockets.at(-1);
    if (socket === undefined) throw new Error('the feed must be connected');
    return socket;
  }

  venueNowMs(): number {
    return this.stage.clock.nowMs() + this.offsetMs;
  }

  /** What was reported of BTC at the first venue since so many records. */
  reports(since = 0): readonly string[] {
    return this.stage.inputs
      .slice(since)
      .flatMap((input) =>
        input.type.startsWith('stream.') &&
        'instrumentId' in input &&
        input.instrumentId === perpetual(OKX)
          ? [input.type]
          : [],
      );
  }

  async settle(): Promise<void> {
    for (let turn = 0; turn < TURNS; turn += 1) await setImmediate();
  }

  /** Time passes in strides, and whatever is on the line arrives with each. */
  async pass(forMs: number): Promise<void> {
    for (let ms = 0; ms < forMs; ms += STRIDE_MS) {
      for (const instId of this.publishing) this.update({ instId });
      this.stage.rest(STRIDE_MS);
      await this.settle();
    }
  }

  /** Waits for sockets while our time stands still; the limit of the test is the limit here. */
  async until(claim: () => boolean): Promise<void> {
    while (!claim()) await setImmediate();
  }

  /** Opportunities that the engine would take if the streams were good; says whether it did. */
  isEntering(): boolean {
    const orderCount = this.stage.calls.length;
    this.stage.propose();
    return this.stage.calls.length > orderCount;
  }

  snapshot(words: BookWords = {}, sequence = this.next(words.instId)): void {
    this.send(this.book('snapshot', -1, sequence, words));
  }

  /** Continues the book, whatever was said before; gives the frame that was sent. */
  update(words: BookWords = {}): string {
    const frame = this.following(words);
    this.send(frame);
    return frame;
  }

  /** The frame that continues the book, for a test that sends it later, twice or never. */
  following(words: BookWords = {}): string {
    const previous = this.#sequences.get(words.instId ?? BTC) ?? 0;
    return this.book('update', previous, this.next(words.instId), words);
  }

  send(text: string): void {
    for (const socket of this.venue.sockets) socket.send(text);
  }

  next(instId = BTC): number {
    const sequence = (this.#sequences.get(instId) ?? 0) + 1;
    this.#sequences.set(instId, sequence);
    return sequence;
  }

  book(action: string, prevSeqId: number, seqId: number, words: BookWords = {}): string {
    const { instId = BTC, bids, asks, checksum = 0, ts = String(this.venueNowMs()) } = words;
    const rows = (levels: Levels) => levels.map((level) => [...level, '0', '1']);
    const book = { ts, checksum, prevSeqId, seqId };
    const [bid, ask] = [bids ?? DEFAULT_BOOK.bids, asks ?? DEFAULT_BOOK.asks];
    const data = [{ ...book, bids: rows(bid), asks: rows(ask) }];
    return JSON.stringify({ arg: { channel: 'books', instId }, action, data });
  }

  #hear(socket: WebSocket, text: string): void {
    if (text === 'ping') {
      if (this.isAnsweringText) socket.send('pong');
      return;
    }
    if (!this.isAnsweringSubscriptions || !text.includes('"op":"subscribe"')) return;
    for (const instId of [BTC, ETH]) {
      if (!text.includes(`{"channel":"books","instId":"${instId}"}`)) continue;
      const checksum = this.checksums.has(instId) ? CHECKSUM : 0;
      socket.send(this.book('snapshot', -1, this.next(instId), { instId, checksum }));
    }
  }
}
