// One WebSocket of a connection: greets, passes text frames on, notices silence, and dies at the
// first thing that it cannot accept. It never reconnects; who owns it decides that.
import type { RawData } from 'ws';
import WebSocket from 'ws';
import type { Ms } from '../domain/index.ts';

export interface SocketLineOptions {
  readonly url: string;
  /** Sent as soon as the socket is open. */
  readonly greetings: readonly string[];
  /** A text that the venue answers, or `undefined` for the protocol's own ping. */
  readonly pingText: string | undefined;
  readonly nowMs: () => Ms;
  readonly onOpen: () => void;
  readonly onText: (text: string) => void;
  /** Called once. */
  readonly onDead: (cause: string) => void;
}

const OPEN_TIMEOUT_MS = 5_000;
/** The largest depth snapshots are about 100 kB. */
const FRAME_BYTES_MAX = 4 * 1024 * 1024;
/** Bybit and OKX close a connection that says nothing for 30 s. */
const PING_EVERY_MS = 15_000;
/** A quiet line is asked whether it lives, … */
const PROBE_AFTER_MS = 2_000;
/** … and given up when not even the answer comes. */
const SILENCE_MS_MAX = 5_000;

export class SocketLine {
  readonly #socket: WebSocket;
  readonly #options: SocketLineOptions;
  readonly #closed: Promise<void>;
  #heardAtMs: number;
  #pingedAtMs: number;
  #isDead = false;

  constructor(options: SocketLineOptions) {
    this.#options = options;
    this.#heardAtMs = options.nowMs();
    this.#pingedAtMs = this.#heardAtMs;
    const socket = new WebSocket(options.url, {
      handshakeTimeout: OPEN_TIMEOUT_MS,
      maxPayload: FRAME_BYTES_MAX,
      perMessageDeflate: false,
    });
    this.#socket = socket;
    socket.on('open', () => this.#open());
    socket.on('message', (data, isBinary) => this.#hear(data, isBinary));
    socket.on('ping', () => this.#touch());
    socket.on('pong', () => this.#touch());
    socket.on('error', (error) => this.die(error.message === '' ? error.name : error.message));
    this.#closed = new Promise((resolve) => {
      socket.on('close', (code) => {
        this.die(`closed by the venue with code ${code}`);
        resolve();
      });
    });
  }

  send(text: string): void {
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(text);
  }

  /** Call it every second or so. */
  beat(): void {
    const nowMs = this.#options.nowMs();
    if (this.#isDead || this.#socket.readyState !== WebSocket.OPEN) return;
    const silentMs = nowMs - this.#heardAtMs;
    if (silentMs >= SILENCE_MS_MAX) {
      this.die(`no frame for ${silentMs} ms, limit ${SILENCE_MS_MAX} ms`);
      return;
    }
    const sincePingMs = nowMs - this.#pingedAtMs;
    const isProbeDue = silentMs >= PROBE_AFTER_MS && sincePingMs >= PROBE_AFTER_MS;
    if (!isProbeDue && sincePingMs < PING_EVERY_MS) return;
    this.#pingedAtMs = nowMs;
    if (this.#options.pingText === undefined) this.#socket.ping();
    else this.#socket.send(this.#options.pingText);
  }

  die(cause: string): void {
    if (this.#isDead) return;
    this.#isDead = true;
    this.#socket.terminate();
    this.#options.onDead(cause);
  }

  /** Dies without a word and waits until the operating system let go of the socket. */
  async stop(): Promise<void> {
    this.#isDead = true;
    this.#socket.terminate();
    await this.#closed;
  }

  #open(): void {
    if (this.#isDead) return;
    this.#touch();
    for (const greeting of this.#options.greetings) this.#socket.send(greeting);
    this.#options.onOpen();
  }

  #hear(data: RawData, isBinary: boolean): void {
    if (this.#isDead) return;
    this.#touch();
    if (isBinary || !Buffer.isBuffer(data)) this.die('a binary frame came where text was expected');
    else this.#options.onText(data.toString('utf8'));
  }

  #touch(): void {
    this.#heardAtMs = this.#options.nowMs();
  }
}
