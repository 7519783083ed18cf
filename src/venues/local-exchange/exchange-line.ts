// The connection to an exchange process: connects, greets, watches that the other side is alive,
// and comes again with growing pauses when it is not. It repeats nothing: what is sent is sent
// once, and whoever sent it hears when the line breaks.
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import type { Ms, VenueId, VenueReport } from '../../domain/index.ts';
import { toMs } from '../../domain/index.ts';
import type { Clock, ScheduledTask } from '../../ports/index.ts';
import type { LocalReply, LocalRequest } from './local-exchange-schema.ts';
import {
  LineSplitter,
  LOCAL_PROTOCOL,
  readReply,
  REPLY_BYTES_MAX,
} from './local-exchange-schema.ts';

export interface ExchangeAddress {
  readonly host: string;
  readonly port: number;
}

export interface LineListener {
  /** From here on requests leave. */
  opened(): void;
  report(report: VenueReport): void;
  /** It was open and is not any more: what was sent and not answered may have arrived. */
  broken(cause: string): void;
}

/** For people: a line that was open is not any more, or is again after so long. */
export type LineNews = { readonly venueId: VenueId } & (
  { readonly type: 'lost'; readonly cause: string } | { readonly type: 'back'; readonly awayMs: Ms }
);

export interface LineParts {
  readonly address: ExchangeAddress;
  readonly venueId: VenueId;
  readonly clock: Clock;
  readonly listener: LineListener;
}

const GREET_WITHIN_MS = 3_000;
const PING_EVERY_MS = 2_000;
const SILENCE_MS_MAX = 6_000;
const PAUSE_MS_MIN = 100;
const PAUSE_MS_MAX = 5_000;
/** What the kernel has not taken yet; beyond it the exchange has stopped reading. */
const BACKLOG_BYTES_MAX = 1024 * 1024;

export class ExchangeLine {
  readonly #parts: LineParts;
  #socket: Socket | undefined;
  #isOpen = false;
  #isStopped = false;
  #pauseMs = PAUSE_MS_MIN;
  #heardAtMs: Ms = toMs(0);
  #pingCount = 0;
  #watch: ScheduledTask | undefined;
  #again: ScheduledTask | undefined;

  constructor(parts: LineParts) {
    this.#parts = parts;
  }

  start(): void {
    const { host, port } = this.#parts.address;
    const socket = connect({ host, port, noDelay: true });
    const splitter = new LineSplitter(REPLY_BYTES_MAX, (line) => this.#hear(socket, line));
    this.#socket = socket;
    this.#heardAtMs = this.#parts.clock.nowMs();
    socket.on('connect', () => this.#write({ type: 'hello', ...this.#greeting() }));
    socket.on('data', (chunk: Buffer) => {
      if (this.#socket === socket && !splitter.take(chunk)) {
        this.#break(socket, `a line of the exchange is longer than ${REPLY_BYTES_MAX} bytes`);
      }
    });
    socket.on('error', (error) => this.#break(socket, error.message));
    socket.on('close', () => this.#break(socket, 'the exchange closed the connection'));
    this.#schedule();
  }

  /** False when it certainly did not leave. */
  send(request: LocalRequest): boolean {
    if (!this.#isOpen) return false;
    this.#write(request);
    return true;
  }

  stop(): Promise<void> {
    this.#isStopped = true;
    this.#watch?.cancel();
    this.#again?.cancel();
    const socket = this.#socket;
    this.#socket = undefined;
    this.#isOpen = false;
    if (socket === undefined || socket.closed) return Promise.resolve();
    return new Promise((resolve) => {
      socket.once('close', () => resolve());
      socket.destroy();
    });
  }

  #greeting() {
    return { protocol: LOCAL_PROTOCOL, venueId: this.#parts.venueId };
  }

  #write(request: LocalRequest): void {
    const socket = this.#socket;
    if (socket === undefined) return;
    socket.write(`${JSON.stringify(request)}\n`);
    if (socket.writableLength <= BACKLOG_BYTES_MAX) return;
    this.#break(socket, `the exchange has not read ${socket.writableLength} bytes`);
  }

  #hear(socket: Socket, line: string): void {
    if (this.#socket !== socket) return;
    const reply = readReply(line);
    if (typeof reply === 'string') {
      this.#break(socket, `not understood: ${reply}`);
      return;
    }
    this.#heardAtMs = this.#parts.clock.nowMs();
    this.#take(socket, reply);
  }

  #take(socket: Socket, reply: LocalReply): void {
    switch (reply.type) {
      case 'welcome':
        return this.#open(socket, reply);
      case 'report':
        if (this.#isOpen) this.#parts.listener.report(reply.report);
        return;
      case 'refused':
        return this.#break(socket, `the exchange refused: ${reply.cause}`);
      case 'pong':
      case 'declined':
      case 'ledger':
    }
  }

  #open(socket: Socket, welcome: Extract<LocalReply, { readonly type: 'welcome' }>): void {
    const { protocol, venueId } = welcome;
    const expected = this.#greeting();
    if (protocol !== expected.protocol || venueId !== expected.venueId) {
      const found = `protocol ${protocol} of ${venueId}`;
      const wanted = `protocol ${expected.protocol} of ${expected.venueId}`;
      this.#break(socket, `the exchange speaks ${found}, expected ${wanted}`);
      return;
    }
    if (this.#isOpen) return;
    this.#isOpen = true;
    this.#pauseMs = PAUSE_MS_MIN;
    this.#parts.listener.opened();
  }

  /** Looks now and then whether the other side is there: a process that stands still is silent. */
  #schedule(): void {
    const { clock } = this.#parts;
    this.#watch?.cancel();
    this.#watch = clock.schedule(toMs(clock.nowMs() + PING_EVERY_MS), () => {
      const socket = this.#socket;
      if (socket === undefined) return;
      const silentMs = clock.nowMs() - this.#heardAtMs;
      const limitMs = this.#isOpen ? SILENCE_MS_MAX : GREET_WITHIN_MS;
      if (silentMs > limitMs) {
        this.#break(socket, `nothing heard for ${silentMs} ms, limit ${limitMs} ms`);
        return;
      }
      this.#pingCount += 1;
      this.send({ type: 'ping', count: this.#pingCount });
      this.#schedule();
    });
  }

  #break(socket: Socket, cause: string): void {
    if (this.#socket !== socket) return;
    this.#socket = undefined;
    this.#watch?.cancel();
    socket.destroy();
    const wasOpen = this.#isOpen;
    this.#isOpen = false;
    if (this.#isStopped) return;
    const { clock, listener } = this.#parts;
    const pauseMs = this.#pauseMs;
    this.#pauseMs = Math.min(pauseMs * 2, PAUSE_MS_MAX);
    this.#again = clock.schedule(toMs(clock.nowMs() + pauseMs), () => this.start());
    if (wasOpen) listener.broken(cause);
  }
}
