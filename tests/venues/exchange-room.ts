// Exchanges behind the Venue port for one suite: in the process of the test, and as a server on
// loopback with the engine's own client. Both trade on the same written market, in real time.
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import type { VenueReport } from '../../src/domain/index.ts';
import { seededRandom, toMs, toRate, toUsd } from '../../src/domain/index.ts';
import { Exchange, noFaults } from '../../src/exchange/index.ts';
import type { AccountLog, ExchangeSettings, FaultPlan } from '../../src/exchange/index.ts';
import type { Venue } from '../../src/ports/index.ts';
import { realClock } from '../../src/runtime/real-clock.ts';
import { ExchangeDesk, startExchangeServer } from '../../src/sandbox/index.ts';
import type { ExchangeServer, ReceivedRequest } from '../../src/sandbox/index.ts';
import { LineSplitter } from '../../src/venues/local-exchange/local-exchange-schema.ts';
import type { LineNews } from '../../src/venues/local-exchange/exchange-line.ts';
import { LocalExchangeVenue } from '../../src/venues/local-exchange/local-exchange-venue.ts';
import { line } from '../exchange/report-line.ts';
import { BTC, instrumentOf, START_AT_MS, TestMarket, VENUE } from '../exchange/test-market.ts';

export const BOOK = { bids: [[99, 500]], asks: [[100, 500]] } as const;
/** Far above what a loaded machine needs. */
const HEARD_WITHIN_MS = 10_000;

const SETTINGS: ExchangeSettings = {
  venueId: VENUE,
  depositUsd: toUsd('10000'),
  leverage: toRate('5'),
  maintenanceMarginRate: toRate('0.01'),
  latencyMs: { min: 1, max: 1 },
  bookAgeMsMax: toMs(600_000),
  forgetsClosedOrders: false,
};

export interface RoomParts {
  readonly faults?: FaultPlan;
  readonly log?: AccountLog;
}

/** An exchange with a market; not started. */
export class ExchangeRoom {
  readonly clock = realClock(START_AT_MS);
  readonly market = new TestMarket();
  readonly exchange: Exchange;

  constructor({ faults = noFaults(), log }: RoomParts = {}) {
    const { clock, market } = this;
    market.list(instrumentOf(BTC)).markPrice = 100;
    const random = seededRandom('room');
    const kept = log === undefined ? {} : { log };
    this.exchange = new Exchange({ settings: SETTINGS, market, clock, random, faults, ...kept });
    this.book(BOOK);
  }

  book(sides: { readonly bids: typeof BOOK.bids; readonly asks: typeof BOOK.asks }): void {
    const view = this.market.get(BTC);
    if (view === undefined) throw new Error('the market must have the instrument');
    view.book.bids.levels = sides.bids;
    view.book.asks.levels = sides.asks;
    view.bookAtMs = this.clock.nowMs();
    this.exchange.marketChanged(BTC);
  }
}

/** What a venue says, and the wait for it. */
export class Ear {
  readonly reports: VenueReport[] = [];
  #waiting: (() => void) | undefined;

  readonly hear = (report: VenueReport): void => {
    this.reports.push(report);
    this.#waiting?.();
  };

  get lines(): readonly string[] {
    return this.reports.map(line);
  }

  /** Waits until so many lines match; fails with what was heard instead. */
  async hears(pattern: RegExp, count = 1): Promise<void> {
    const isThere = (): boolean => this.lines.filter((each) => pattern.test(each)).length >= count;
    if (isThere()) return;
    await new Promise<void>((resolve, reject) => {
      const found = (): string =>
        `${pattern} was not heard ${count} times: ${this.lines.join(', ')}`;
      const timer = setTimeout(() => reject(new Error(found())), HEARD_WITHIN_MS);
      this.#waiting = () => {
        if (!isThere()) return;
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

export interface Served {
  readonly server: ExchangeServer;
  readonly requests: ReceivedRequest[];
}

export async function serve(room: ExchangeRoom, port = 0): Promise<Served> {
  const requests: ReceivedRequest[] = [];
  const server = await startExchangeServer({
    desks: new Map([[VENUE, new ExchangeDesk(room.exchange)]]),
    nowMs: () => room.clock.nowMs(),
    prices: {},
    port,
    onRequest: (received) => requests.push(received),
  });
  return { server, requests };
}

export interface Opened {
  readonly room: ExchangeRoom;
  readonly venue: Venue;
  readonly ear: Ear;
  close(): Promise<void>;
}

/** The two ways to the same exchange. */
export const WAYS = {
  'in the process of the engine': async (parts: RoomParts): Promise<Opened> => {
    const room = new ExchangeRoom(parts);
    const ear = new Ear();
    room.exchange.start(ear.hear);
    return { room, venue: room.exchange, ear, close: () => room.exchange.stop() };
  },
  'behind the local protocol': async (parts: RoomParts): Promise<Opened> => {
    const room = new ExchangeRoom(parts);
    const { server } = await serve(room);
    const { venue, ear } = await connected(room, server.port);
    const close = async (): Promise<void> => {
      await venue.stop();
      await server.stop();
      await room.exchange.stop();
    };
    return { room, venue, ear, close };
  },
} as const;

export function clientOf(
  room: ExchangeRoom,
  port: number,
  onLine: (news: LineNews) => void = () => undefined,
): LocalExchangeVenue {
  const address = { host: '127.0.0.1', port };
  return new LocalExchangeVenue({ venueId: VENUE, address, clock: room.clock, onLine });
}

/** A client whose line is open, so that nothing is refused for want of one. */
export async function connected(room: ExchangeRoom, port: number) {
  const ear = new Ear();
  const venue = clientOf(room, port);
  venue.start(ear.hear);
  await reconnected(venue, ear);
  ear.reports.length = 0;
  return { venue, ear };
}

/** Asks for the account until it comes. */
export async function reconnected(venue: Venue, ear: Ear): Promise<void> {
  const reported = (): boolean => ear.lines.some((each) => /^account \d/.test(each));
  ear.reports.length = 0;
  while (!reported()) {
    venue.reportAccount();
    await ear.hears(/^account/, ear.reports.filter(({ type }) => /^account/.test(type)).length + 1);
    if (!reported()) await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** A client without manners: raw bytes out, lines in. */
export class RawClient {
  readonly socket: Socket;
  readonly lines: string[] = [];
  readonly closed: Promise<void>;
  #waiting: (() => void) | undefined;

  constructor(port: number) {
    this.socket = connect({ host: '127.0.0.1', port });
    this.socket.on('error', () => this.socket.destroy());
    this.closed = new Promise((resolve) => this.socket.once('close', () => resolve()));
    const splitter = new LineSplitter(Infinity, (text) => {
      this.lines.push(text);
      this.#waiting?.();
    });
    this.socket.on('data', (chunk: Buffer) => splitter.take(chunk));
  }

  send(message: object): void {
    this.socket.write(`${JSON.stringify(message)}\n`);
  }

  hello(): void {
    this.send({ type: 'hello', protocol: 1, venueId: VENUE });
  }

  async line(pattern: RegExp): Promise<string> {
    for (;;) {
      const found = this.lines.find((text) => pattern.test(text));
      if (found !== undefined) return found;
      await new Promise<void>((resolve, reject) => {
        const text = `${pattern} did not come: ${this.lines.join('\n')}`;
        const timer = setTimeout(() => reject(new Error(text)), HEARD_WITHIN_MS);
        this.#waiting = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }
}
