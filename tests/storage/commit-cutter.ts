// A way to a server that breaks at the worst instant: every other commit arrives and is done, and
// its answer never comes back.
import { connect, createServer } from 'node:net';
import type { Socket } from 'node:net';
import { afterAll } from 'vitest';

const closers: (() => void)[] = [];
afterAll(() => {
  for (const close of closers) close();
});

export interface CommitCutter {
  /** The address that leads through it. */
  readonly url: string;
  cuts(): number;
}

export function commitCutter(serverUrl: string): Promise<CommitCutter> {
  const target = new URL(serverUrl);
  const sockets = new Set<Socket>();
  let commits = 0;
  let cuts = 0;
  const proxy = createServer((client) => {
    const server = connect(Number(target.port), target.hostname);
    let isCut = false;
    client.on('data', (bytes) => {
      if (bytes.includes('commit')) isCut = (commits += 1) % 2 === 1;
      server.write(bytes);
    });
    server.on('data', (bytes) => {
      if (!isCut) client.write(bytes);
      else if (client.destroy().destroyed) cuts += 1;
    });
    for (const [one, other] of [
      [client, server],
      [server, client],
    ] as const) {
      sockets.add(one);
      one.on('error', () => undefined);
      one.on('close', () => other.destroy());
    }
  });
  closers.push(() => {
    for (const socket of sockets) socket.destroy();
    proxy.close();
  });
  return new Promise((resolve) => {
    proxy.listen(0, '127.0.0.1', () => {
      const address = proxy.address();
      const url = new URL(serverUrl);
      url.port = String(typeof address === 'object' ? address?.port : 0);
      resolve({ url: url.href, cuts: () => cuts });
    });
  });
}
