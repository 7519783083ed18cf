// Where the exchange process of a run is, as the configuration says it, and what it answers when it
// is greeted.
import { connect } from 'node:net';

import type { Config } from '../config/index.ts';
import type { VenueId } from '../domain/index.ts';
import type { ExchangeAddress } from '../venues/local-exchange/exchange-line.ts';
import type { LocalReply } from '../venues/local-exchange/local-exchange-schema.ts';
import {
  LineSplitter,
  LOCAL_PROTOCOL,
  readReply,
  REPLY_BYTES_MAX,
} from '../venues/local-exchange/local-exchange-schema.ts';
import { Failure } from './exit-code.ts';

export type Welcome = Extract<LocalReply, { readonly type: 'welcome' }>;

/** Undefined when the exchange is a part of the engine. */
export function exchangeAddress({ run }: Config): ExchangeAddress | undefined {
  if (run.exchange === 'own') return undefined;
  const [host = '', port = ''] = run.exchange.split(':');
  return { host, port: Number(port) };
}

/** Its clock and its prices, before anything depends on it. */
export function greetExchange(
  address: ExchangeAddress,
  venueId: VenueId,
  timeoutMs: number,
): Promise<Welcome> {
  const { host, port } = address;
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, noDelay: true, timeout: timeoutMs });
    const fail = (cause: string): void => {
      socket.destroy();
      reject(new Failure('venue', `the exchange at ${host}:${port} does not answer: ${cause}`));
    };
    const splitter = new LineSplitter(REPLY_BYTES_MAX, (line) => {
      const reply = readReply(line);
      if (typeof reply === 'string') fail(reply);
      else if (reply.type === 'refused') fail(reply.cause);
      else if (reply.type === 'welcome') {
        socket.destroy();
        resolve(reply);
      }
    });
    socket.on('connect', () => {
      const hello = { type: 'hello', protocol: LOCAL_PROTOCOL, venueId };
      socket.write(`${JSON.stringify(hello)}\n`);
    });
    socket.on('data', (chunk: Buffer) => {
      if (!splitter.take(chunk)) fail('its greeting has no end');
    });
    socket.on('timeout', () => fail(`nothing within ${timeoutMs} ms`));
    socket.on('error', ({ message }) => fail(message));
    socket.on('close', () => fail('it closed the connection'));
  });
}
