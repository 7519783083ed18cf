// A venue on loopback that says exactly what a test tells it to: JSON by path, frames by socket.
// It speaks no protocol of its own and listens on no other interface.
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { WebSocket } from 'ws';
import { WebSocketServer } from 'ws';
import type { FeedNotice, MarketEvent, Ms } from '../../src/domain/index.ts';
import { toMs } from '../../src/domain/index.ts';
import type { Clock, FeedSink, ScheduledTask } from '../../src/ports/index.ts';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** As much of a response as answers need. */
export interface ResponseLike {
  statusCode: number;
  write(text: string): void;
  end(text: string): void;
}

export class LoopbackVenue {
  /** By path without query. */
  readonly answers = new Map<string, unknown>();
  readonly requests: string[] = [];
  /** Everything that clients said, with the path they said it on. */
  readonly heard: string[] = [];
  onConnection: (socket: WebSocket, path: string) => void = () => undefined;
  onMessage: (socket: WebSocket, text: string) => void = () => undefined;
  /** Pings of the protocol are answered by `ws` itself while this holds. */
  isAnsweringPings = true;
  connectionCount = 0;
  readonly #http: Server;
  readonly #ws: WebSocketServer;

  constructor() {
    this.#http = createServer((request, response) => this.#answer(request, response));
    this.#ws = new WebSocketServer({ server: this.#http, autoPong: false });
    this.#ws.on('connection', (socket, request) => {
      const path = request.url ?? '';
      this.connectionCount += 1;
      socket.on('ping', () => this.isAnsweringPings && socket.pong());
      socket.on('message', (data: Buffer) => {
        const text = data.toString('utf8');
        this.heard.push(text);
        this.onMessage(socket, text);
      });
      this.onConnection(socket, path);
    });
  }

  get restUrl(): string {
    return `http://127.0.0.1:${this.#port()}`;
  }

  get wsUrl(): string {
    return `ws://127.0.0.1:${this.#port()}`;
  }

  get sockets(): readonly WebSocket[] {
    return [...this.#ws.clients];
  }

  async open(): Promise<this> {
    await new Promise<void>((resolve) => this.#http.listen(0, '127.0.0.1', resolve));
    return this;
  }

  async close(): Promise<void> {
    for (const socket of this.#ws.clients) socket.terminate();
    this.#ws.close();
    this.#http.closeAllConnections();
    await new Promise<void>((resolve) => this.#http.close(() => resolve()));
  }

  #port(): number {
    const address = this.#http.address() as AddressInfo;
    return address.port;
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    this.requests.push(request.url ?? '');
    const path = new URL(request.url ?? '', this.restUrl).pathname;
    const answer = this.answers.get(path);
    if (typeof answer === 'function') {
      (answer as Answer)(request, response);
      return;
    }
    response.statusCode = answer === undefined ? 404 : 200;
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(answer ?? {}));
  }
}

/** Real time made quicker, so that limits of seconds are tested in a fraction of one. */
export class QuickClock implements Clock {
  readonly #speed: number;
  readonly #startedAtMs = Date.now();

  constructor(speed: number) {
    this.#speed = speed;
  }

  nowMs(): Ms {
    return toMs(this.#startedAtMs + (Date.now() - this.#startedAtMs) * this.#speed);
  }

  schedule(atMs: Ms, task: () => void): ScheduledTask {
    const timer = setTimeout(task, Math.max(0, atMs - this.nowMs()) / this.#speed);
    return { cancel: () => clearTimeout(timer) };
  }
}

export class RecordingSink implements FeedSink {
  readonly events: MarketEvent[] = [];
  readonly notices: FeedNotice[] = [];
  #wake: () => void = () => undefined;

  market(event: MarketEvent): void {
    this.events.push(event);
    this.#wake();
  }

  notice(notice: FeedNotice): void {
    this.notices.push(notice);
    this.#wake();
  }

  count(type: MarketEvent['type'] | FeedNotice['type']): number {
    return [...this.events, ...this.notices].filter((entry) => entry.type === type).length;
  }

  causes(type: 'feed.refused' | 'feed.disconnected'): readonly string[] {
    return this.notices.flatMap((notice) =>
      notice.type === type && 'cause' in notice ? [notice.cause] : [],
    );
  }

  /** Waits until the claim holds; the limit of the test is the limit of the wait. */
  async until(claim: () => boolean): Promise<void> {
    while (!claim()) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        setTimeout(resolve, 20);
      });
    }
  }
}
