// What an exchange process wrote down and says of itself, read as lines of JSON: the requests it
// received, the facts of its accounts, and its own statement over a connection of ours.
import { readdirSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';

export interface PlacedOrder {
  readonly clientOrderId: string;
  readonly venueId: string;
  readonly instrumentId: string;
  readonly side: string;
  readonly qty: string;
  readonly reduceOnly: boolean;
}

export interface Placement {
  readonly atMs: number;
  readonly order: PlacedOrder;
}

export interface Execution {
  readonly fillId: string;
  readonly clientOrderId: string;
  readonly instrumentId: string;
  readonly side: string;
  readonly qty: string;
  readonly filledAtMs: number;
}

export interface Payment {
  readonly instrumentId: string;
  readonly fundingAtMs: number;
  readonly amountUsd: string;
}

interface Change {
  readonly type: string;
  readonly fill: Execution;
  readonly payment: Payment;
}

/** Every placement that arrived, in order of arrival. */
export function placementsIn(folder: string): readonly Placement[] {
  const lines = readFileSync(join(folder, 'requests.jsonl'), 'utf8').trim().split('\n');
  return lines.flatMap((line) => {
    if (line === '') return [];
    const { atMs, request } = JSON.parse(line);
    return request?.type === 'place' ? [{ atMs, order: request.order }] : [];
  });
}

export interface Facts {
  readonly executions: readonly Execution[];
  readonly payments: readonly Payment[];
}

const PREFIX_BYTES = 18;

/** What happened on all accounts, from the files that the exchange synced before it told anybody. */
export function factsIn(folder: string): Facts {
  const files = readdirSync(folder).filter((name) => name.endsWith('.account'));
  const changes = files.flatMap((name) => changesIn(join(folder, name)));
  return {
    executions: changes
      .filter(({ type }) => type === 'order.filled' || type === 'position.liquidated')
      .map(({ fill }) => fill),
    payments: changes.filter(({ type }) => type === 'funding.paid').map(({ payment }) => payment),
  };
}

function changesIn(file: string): readonly Change[] {
  const [, ...lines] = readFileSync(file, 'utf8').trim().split('\n');
  return lines.flatMap((line) => {
    const entry = JSON.parse(line.slice(PREFIX_BYTES));
    if (entry.changes === undefined) throw new Error(`${file} was begun anew: facts are missing`);
    return entry.changes;
  });
}

export interface Statement {
  readonly venueId: string;
  readonly balanceUsd: string;
  readonly positions: readonly { readonly instrumentId: string; readonly qty: string }[];
  readonly entries: readonly { readonly amountUsd: string }[];
  readonly openOrders: number;
}

export interface ExchangeTold {
  /** Of the exchange against ours. */
  readonly aheadMs: number;
  readonly statement: Statement;
}

/** Asks one venue over a connection of its own. */
export function askExchange(address: string, venueId: string): Promise<ExchangeTold> {
  const [host = '', port = ''] = address.split(':');
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port: Number(port) });
    let text = '';
    let aheadMs = 0;
    const say = (request: object): void => void socket.write(`${JSON.stringify(request)}\n`);
    socket.on('connect', () => say({ type: 'hello', protocol: 1, venueId }));
    socket.on('error', reject);
    socket.on('data', (chunk) => {
      text += String(chunk);
      const lines = text.split('\n');
      text = lines.pop() ?? '';
      for (const line of lines) {
        const reply = JSON.parse(line);
        if (reply.type === 'welcome') {
          aheadMs = reply.nowMs - Date.now();
          say({ type: 'ledger' });
        } else if (reply.type === 'ledger') {
          socket.destroy();
          resolve({ aheadMs, statement: toStatement(venueId, reply.account.state) });
        }
      }
    });
  });
}

function toStatement(
  venueId: string,
  state: Omit<Statement, 'venueId' | 'openOrders'> & { readonly open: readonly unknown[] },
): Statement {
  const { balanceUsd, positions, entries, open } = state;
  return { venueId, balanceUsd, positions, entries, openOrders: open.length };
}
