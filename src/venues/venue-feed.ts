// A venue's public streams behind the Feed port: reads the list of instruments, keeps a
// connection, measures the venue's clock, and brings books back in step. Never throws for a venue
// that is away or talks nonsense, and judges no price.
import type { FeedNotice, InstrumentId, MarketEvent, VenueId } from '../domain/index.ts';
import { toMs } from '../domain/index.ts';
import { ChecksumGuard } from '../market/checksum.ts';
import type { Clock, Feed, FeedSink } from '../ports/index.ts';
import { BookResync } from './book-resync.ts';
import { causeOf } from './cause.ts';
import type { FrameReading } from './frame-reading.ts';
import type { Listing } from './listing.ts';
import { pause } from './pause.ts';
import { ReconnectingSocket } from './reconnecting-socket.ts';
import { Relisting } from './relisting.ts';
import type { GetJson } from './rest-client.ts';
import { restClient } from './rest-client.ts';
import { VenueClock } from './venue-clock.ts';
import type { VenueProtocol } from './venue-protocol.ts';

export interface VenueFeedOptions {
  /** Without a slash at the end. */
  readonly restUrl: string;
  readonly wsUrl: string;
  /** Unified symbols: `BTC/USDT:USDT`. Those that are not listed are reported and left out. */
  readonly symbols: readonly string[];
  readonly clock: Clock;
}

const REST_TIMEOUT_MS = toMs(10_000);
const ROUND_EVERY_MS = toMs(30_000);
const LISTING_WAIT_FIRST_MS = 500;
const LISTING_WAIT_MS_MAX = 5_000;
/** Levels of a subscribed book that checksums are made from and cut to. */
const CHECKED_DEPTH = 400;

export class VenueFeed implements Feed {
  readonly venueId: VenueId;
  readonly #protocol: VenueProtocol;
  readonly #options: VenueFeedOptions;
  readonly #clock: Clock;
  readonly #venueClock: VenueClock;
  readonly #stopping = new AbortController();
  readonly #get: GetJson;
  readonly #socket: ReconnectingSocket;
  readonly #resync: BookResync;
  readonly #guard: ChecksumGuard | undefined;
  readonly #relisting = new Relisting();
  readonly #symbols = new Map<string, InstrumentId>();
  #sink: FeedSink | undefined;
  #work: Promise<void> = Promise.resolve();

  constructor(protocol: VenueProtocol, options: VenueFeedOptions) {
    this.venueId = protocol.venueId;
    this.#protocol = protocol;
    this.#options = options;
    this.#clock = options.clock;
    const { signal } = this.#stopping;
    this.#get = restClient({ restUrl: options.restUrl, timeoutMs: REST_TIMEOUT_MS, signal });
    this.#venueClock = new VenueClock({
      clock: options.clock,
      get: this.#get,
      path: protocol.timePath,
      readTime: protocol.readTime,
      onMeasured: (offset) => {
        this.#notify({ type: 'feed.clock', venueId: this.venueId, ...offset });
      },
      onFailure: (cause) => this.#refuse(cause),
    });
    this.#socket = this.#newSocket();
    this.#resync = new BookResync({
      clock: options.clock,
      signal,
      road: protocol.snapshots,
      get: this.#get,
      send: (text) => this.#socket.send(text),
      onSnapshot: (snapshot) => this.#pass(snapshot),
      onFailure: (cause) => this.#refuse(cause),
    });
    const { checksum } = protocol;
    this.#guard = checksum && new ChecksumGuard(checksum, CHECKED_DEPTH);
  }

  start(sink: FeedSink): void {
    if (this.#sink !== undefined) throw new Error(`the feed of ${this.venueId} is already running`);
    this.#sink = sink;
    this.#work = this.#run();
  }

  resync(instrumentId: InstrumentId): void {
    this.#resync.resync(instrumentId);
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#sink = undefined;
    this.#resync.lost();
    await this.#socket.stop();
    await this.#resync.settled();
    await this.#venueClock.settled();
    await this.#work;
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    const isStopping = (): boolean => signal.aborted;
    await this.#venueClock.measure();
    let waitMs = LISTING_WAIT_FIRST_MS;
    while (!isStopping() && !(await this.#list())) {
      await pause(this.#clock, toMs(waitMs), signal);
      waitMs = Math.min(waitMs * 2, LISTING_WAIT_MS_MAX);
    }
    if (isStopping()) return;
    this.#socket.start();
    while (!isStopping()) {
      await pause(this.#clock, ROUND_EVERY_MS, signal);
      if (isStopping()) return;
      await this.#venueClock.measure();
      if (this.#relisting.isDue(this.#venueClock.nowMs())) await this.#list();
    }
  }

  /** Says whether there is anything to listen to. */
  async #list(): Promise<boolean> {
    const { list } = this.#protocol;
    let listing: Listing | undefined;
    try {
      listing = await list(this.#get, new Set(this.#options.symbols));
    } catch (error) {
      this.#refuse(causeOf(error));
    }
    if (listing !== undefined) this.#tell(listing);
    if (this.#symbols.size > 0) return true;
    this.#lose('the list of instruments could not be read');
    return false;
  }

  #tell({ instruments, fundingIntervals, refusals }: Listing): void {
    const receivedAtMs = this.#clock.nowMs();
    const eventAtMs = this.#venueClock.nowMs();
    const isFirst = this.#symbols.size === 0;
    this.#relisting.listed(eventAtMs);
    for (const refusal of refusals) this.#refuse(refusal);
    for (const instrument of instruments) {
      const { instrumentId, venueSymbol } = instrument;
      this.#symbols.set(venueSymbol, instrumentId);
      this.#resync.add(instrumentId, venueSymbol);
      this.#sink?.market({ type: 'instrument.listed', instrument }, receivedAtMs);
    }
    for (const interval of fundingIntervals) {
      this.#sink?.market({ type: 'funding.updated', ...interval, eventAtMs }, receivedAtMs);
    }
    const isListed = new Set(instruments.map(({ instrumentId }) => String(instrumentId)));
    for (const symbol of isFirst ? this.#options.symbols : []) {
      if (!isListed.has(`${this.venueId}:${symbol}`)) this.#refuse(`${symbol} is not listed`);
    }
  }

  #newSocket(): ReconnectingSocket {
    const { pingText, lifeMs } = this.#protocol;
    return new ReconnectingSocket({
      clock: this.#clock,
      pingText,
      lifeMs,
      lines: () => {
        this.#resync.connecting();
        return this.#protocol.lines(this.#options.wsUrl, [...this.#symbols.keys()]);
      },
      onOpen: () => this.#notify({ type: 'feed.connected', venueId: this.venueId }),
      onText: (text) => this.#hear(this.#read(text)),
      onLost: (cause) => this.#lose(cause),
    });
  }

  #read(text: string): FrameReading {
    try {
      return this.#protocol.read(text, this.#symbols);
    } catch (error) {
      return { type: 'refused', cause: `${this.venueId}: ${causeOf(error)}` };
    }
  }

  #hear(read: FrameReading): void {
    switch (read.type) {
      case 'events': {
        this.#socket.touchData();
        const mismatch = read.digits && this.#guard?.verify(read.digits);
        if (read.digits === undefined || mismatch === undefined) {
          for (const event of read.events) this.#pass(event);
        } else {
          this.#drop(mismatch, read.digits.instrumentId);
        }
        return;
      }
      case 'refused':
        this.#drop(read.cause, read.instrumentId);
        return;
      case 'rejected':
        this.#refuse(read.cause);
        return;
      case 'pong':
      case 'ack':
      case 'ignored':
        return;
    }
  }

  #pass(event: MarketEvent): void {
    if (event.type === 'funding.updated' && event.fundingAtMs !== undefined) {
      this.#relisting.announce(event.fundingAtMs);
    }
    if (event.type !== 'instrument.listed') this.#venueClock.heard(event.eventAtMs);
    this.#sink?.market(event, this.#clock.nowMs());
    if (event.type === 'book.delta') this.#resync.heardDelta(event.instrumentId);
  }

  /** Whatever the frame said is missing now: from one book, or from nobody knows which. */
  #drop(cause: string, instrumentId: InstrumentId | undefined): void {
    if (instrumentId === undefined) {
      this.#refuse(cause);
      this.#socket.restart(`a frame could not be read: ${cause}`);
      return;
    }
    this.#notify({ type: 'feed.refused', venueId: this.venueId, instrumentId, cause });
    this.#resync.resync(instrumentId);
  }

  #lose(cause: string): void {
    this.#resync.lost();
    this.#notify({ type: 'feed.disconnected', venueId: this.venueId, cause });
  }

  #refuse(cause: string): void {
    this.#notify({ type: 'feed.refused', venueId: this.venueId, cause });
  }

  #notify(notice: FeedNotice): void {
    this.#sink?.notice(notice);
  }
}
