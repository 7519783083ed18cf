// One venue's protocol behind real sockets on loopback: HTTP for requests, WebSocket for streams,
// one port. Everything is bounded: clients, frame size, and how far a slow client may fall behind
// before it is cut off.
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocket, WebSocketServer } from 'ws';
import type { VenueProtocol, WireClient } from './wire.ts';

const HOST = '127.0.0.1';
const CLIENTS_MAX = 64;
const FRAME_BYTES_MAX = 1024 * 1024;
const BACKLOG_BYTES_MAX = 8 * 1024 * 1024;

export interface VenueServer {
  readonly port: number;
  readonly rest: string;
  readonly ws: string;
  stop(): Promise<void>;
}

/** A port of 0 is any that is free. */
export async function startVenueServer(protocol: VenueProtocol, port = 0): Promise<VenueServer> {
  const http = createServer((request, response) => {
    reply(protocol, request, response);
  });
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: FRAME_BYTES_MAX,
    perMessageDeflate: false,
  });
  let connectionCount = 0;
  http.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const url = toUrl(request);
    const isKnown = url !== undefined && protocol.opensAt(url.pathname);
    if (!isKnown || sockets.clients.size >= CLIENTS_MAX) {
      refuse(socket, isKnown ? '503 Service Unavailable' : '404 Not Found');
      return;
    }
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      connectionCount += 1;
      connect(protocol, webSocket, { url, connectionId: `sandbox-${connectionCount}` });
    });
  });
  const bound = await listen(http, port);
  return {
    port: bound,
    rest: `http://${HOST}:${bound}`,
    ws: `ws://${HOST}:${bound}`,
    stop: () => stop(http, sockets),
  };
}

function connect(
  protocol: VenueProtocol,
  socket: WebSocket,
  connection: { readonly url: URL; readonly connectionId: string },
): void {
  const client: WireClient = {
    connectionId: connection.connectionId,
    path: connection.url.pathname,
    query: connection.url.searchParams,
    send: (frame) => {
      if (socket.readyState !== WebSocket.OPEN) return;
      if (socket.bufferedAmount > BACKLOG_BYTES_MAX) socket.terminate();
      else socket.send(frame);
    },
  };
  socket.on('message', (data: Buffer) => {
    protocol.received(client, data.toString('utf8'));
  });
  socket.on('close', () => {
    protocol.closed(client);
  });
  // A client that breaks the protocol is closed by the library; its error concerns nobody else.
  socket.on('error', () => {
    socket.terminate();
  });
  protocol.opened(client);
}

function reply(protocol: VenueProtocol, request: IncomingMessage, response: ServerResponse): void {
  request.resume();
  const url = toUrl(request);
  const { status, body } = protocol.answer({
    method: request.method ?? 'GET',
    path: url?.pathname ?? '/',
    query: url?.searchParams ?? new URLSearchParams(),
  });
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/json;charset=UTF-8',
    'content-length': Buffer.byteLength(text),
  });
  response.end(text);
}

function toUrl(request: IncomingMessage): URL | undefined {
  const text = `http://${HOST}${request.url ?? '/'}`;
  return URL.canParse(text) ? new URL(text) : undefined;
}

function refuse(socket: Duplex, status: string): void {
  // The client may be gone already; that is its own affair.
  socket.on('error', () => socket.destroy());
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

function listen(http: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    http.once('error', reject);
    http.listen(port, HOST, () => {
      const address = http.address();
      if (typeof address === 'object' && address !== null) resolve(address.port);
      else reject(new Error(`the server at ${HOST} has no port`));
    });
  });
}

async function stop(http: Server, sockets: WebSocketServer): Promise<void> {
  for (const client of sockets.clients) client.terminate();
  await new Promise<void>((resolve) => {
    sockets.close(() => {
      resolve();
    });
  });
  await new Promise<void>((resolve, reject) => {
    http.close((error) => {
      if (error === undefined) resolve();
      else reject(error);
    });
    http.closeAllConnections();
  });
}
