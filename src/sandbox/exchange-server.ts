// The local protocol of exchange processes behind a TCP port on loopback. Every line is logged as
// it was received before anything comes of it; a client that breaks the protocol is told why and
// cut off; half a line is nothing. Clients, lines, pace and backlog are bounded.
import { createServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import type { Ms, VenueId } from '../domain/index.ts';
import {
  LineSplitter,
  LOCAL_PROTOCOL,
  readRequest,
  REQUEST_BYTES_MAX,
} from '../venues/local-exchange/local-exchange-schema.ts';
import type { LocalReply, LocalRequest } from '../venues/local-exchange/local-exchange-schema.ts';
import type { ExchangeDesk } from './exchange-desk.ts';
import type { SandboxAddress } from './sandbox.ts';

const HOST = '127.0.0.1';
const CLIENTS_MAX = 64;
const GREET_WITHIN_MS = 5_000;
const BACKLOG_BYTES_MAX = 32 * 1024 * 1024;
const REQUESTS_PER_SECOND_MAX = 1_000;
const CAUSE_CHARS_MAX = 500;

/** One line of a client, as the exchange understood it. */
export interface ReceivedRequest {
  readonly atMs: Ms;
  readonly connection: number;
  readonly venueId: VenueId | null;
  readonly request: LocalRequest | null;
  /** Why it was not taken. */
  readonly refused?: string;
}

export interface ExchangeServerParts {
  readonly desks: ReadonlyMap<VenueId, ExchangeDesk>;
  readonly nowMs: () => Ms;
  readonly prices: Readonly<Record<string, SandboxAddress>>;
  readonly port: number;
  readonly onRequest: (received: ReceivedRequest) => void;
}

export interface ExchangeServer {
  readonly port: number;
  stop(): Promise<void>;
}

export async function startExchangeServer(parts: ExchangeServerParts): Promise<ExchangeServer> {
  const sockets = new Set<Socket>();
  let connectionCount = 0;
  const server = createServer({ noDelay: true }, (socket) => {
    if (sockets.size >= CLIENTS_MAX) {
      socket.destroy();
      return;
    }
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    connectionCount += 1;
    serve(new ExchangeClient(socket, connectionCount, parts), socket);
  });
  const port = await listen(server, parts.port);
  return {
    port,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

function serve(client: ExchangeClient, socket: Socket): void {
  const splitter = new LineSplitter(REQUEST_BYTES_MAX, (line) => client.hear(line));
  const greeting = setTimeout(() => client.greetOrLeave(), GREET_WITHIN_MS);
  socket.on('data', (chunk: Buffer) => {
    if (!splitter.take(chunk)) client.refuse(`a line has at most ${REQUEST_BYTES_MAX} bytes`);
  });
  // A connection that fails is closed; its requests were taken or were not whole.
  socket.on('error', () => socket.destroy());
  socket.on('close', () => {
    clearTimeout(greeting);
    client.leave();
  });
}

class ExchangeClient {
  readonly #socket: Socket;
  readonly #connection: number;
  readonly #parts: ExchangeServerParts;
  #desk: ExchangeDesk | undefined;
  #venueId: VenueId | undefined;
  #isRefused = false;
  #second = 0;
  #requestCount = 0;

  constructor(socket: Socket, connection: number, parts: ExchangeServerParts) {
    this.#socket = socket;
    this.#connection = connection;
    this.#parts = parts;
  }

  send(reply: LocalReply): void {
    const socket = this.#socket;
    if (!socket.writable) return;
    if (socket.writableLength > BACKLOG_BYTES_MAX) socket.destroy();
    else socket.write(`${JSON.stringify(reply)}\n`);
  }

  hear(line: string): void {
    if (this.#isRefused) return;
    const request = readRequest(line);
    if (typeof request === 'string') {
      this.refuse(request);
      return;
    }
    if (this.#isTooFast()) {
      this.refuse(`at most ${REQUESTS_PER_SECOND_MAX} requests per second`);
      return;
    }
    if (request.type !== 'ping') this.#log({ request });
    const cause = this.#desk === undefined ? this.#greet(request) : this.#desk.take(this, request);
    if (cause !== undefined) this.refuse(cause);
  }

  greetOrLeave(): void {
    if (this.#desk === undefined) this.refuse(`no hello within ${GREET_WITHIN_MS} ms`);
  }

  leave(): void {
    this.#desk?.leave(this);
  }

  /** Says why, and hears on. */
  decline(cause: string): void {
    this.#deny('declined', cause);
  }

  /** Says why, once, and hears nothing more. */
  refuse(cause: string): void {
    if (this.#isRefused) return;
    this.#isRefused = true;
    this.#deny('refused', cause);
    this.#socket.destroySoon();
  }

  #deny(type: 'declined' | 'refused', whole: string): void {
    const cause = whole.slice(0, CAUSE_CHARS_MAX);
    this.#log({ request: null, refused: cause });
    this.send({ type, cause });
  }

  #greet(request: LocalRequest): string | undefined {
    if (request.type !== 'hello') return `say hello first, found ${request.type}`;
    const { protocol, venueId } = request;
    if (protocol !== LOCAL_PROTOCOL) return `speaks protocol ${LOCAL_PROTOCOL}, found ${protocol}`;
    const { desks, nowMs, prices } = this.#parts;
    const desk = desks.get(venueId);
    if (desk === undefined) return `has ${[...desks.keys()].join(', ')}, found ${venueId}`;
    this.#desk = desk;
    this.#venueId = venueId;
    this.send({ type: 'welcome', protocol, venueId, nowMs: nowMs(), prices });
    desk.join(this);
    return undefined;
  }

  #isTooFast(): boolean {
    const second = Math.floor(this.#parts.nowMs() / 1000);
    this.#requestCount = second === this.#second ? this.#requestCount + 1 : 1;
    this.#second = second;
    return this.#requestCount > REQUESTS_PER_SECOND_MAX;
  }

  #log(what: Pick<ReceivedRequest, 'request' | 'refused'>): void {
    const { nowMs, onRequest } = this.#parts;
    const venueId = this.#venueId ?? null;
    onRequest({ atMs: nowMs(), connection: this.#connection, venueId, ...what });
  }
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, HOST, () => {
      const address = server.address();
      if (typeof address === 'object' && address !== null) resolve(address.port);
      else reject(new Error(`the exchange at ${HOST} has no port`));
    });
  });
}
