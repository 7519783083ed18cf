// A process of its own with a real engine and a real lease, for tests that stop and kill it: it
// wants to enter a trade every 20 ms, and to leave everything at once when it goes on after a stop.
// Its venue is a socket, whose other end writes down what it was asked.
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import type { OrderRequest } from '../../src/domain/index.ts';
import {
  holderText,
  toFillId,
  toRejectCode,
  toUsd,
  toVenueOrderId,
} from '../../src/domain/index.ts';
import { startLease } from '../../src/runtime/lease-start.ts';
import { realClock } from '../../src/runtime/real-clock.ts';
import { watchfulClock } from '../../src/runtime/watchful-clock.ts';
import { RedisLease } from '../../src/storage/index.ts';
import { carryPlan, perpetual, proposal, START_AT_MS } from '../machines/carry-plan.ts';
import { Shell } from '../runtime/shell.ts';

const [name = '', redisUrl = '', deployment = '', leaseMs = '', venuePort = '', version = '1.0.0'] =
  process.argv.slice(2);
const ENTER_EVERY_MS = 20;

const say = (text: string): void => void process.stdout.write(`${text}\n`);

const identity = { engineVersion: version, configHash: 'c'.repeat(64) };
const begun = await startLease({
  identity,
  authority: new RedisLease({
    ...{ redisUrl, deployment, leaseMs: Number(leaseMs) },
    holder: { host: name, pid: process.pid, dataFolder: `/data/${name}`, ...identity },
  }),
  leaseMs: Number(leaseMs),
  clock: watchfulClock(),
  onWait: (cause) => say(cause),
});
if (begun.kind !== 'held') {
  say(begun.kind === 'unreachable' ? begun.cause : `${begun.kind}: ${holderText(begun.holder)}`);
  process.exit(3);
}

const clock = realClock(START_AT_MS);
const shell = Shell.running({ lease: begun.lease, clock });
shell.journal.isInstant = true;
shell.onStep = ({ input: { type } }) => {
  if (type.startsWith('lease.')) say(type);
};
say(`held with fence ${begun.lease.fence}`);

const venue = connect(Number(venuePort), '127.0.0.1');
const asked = new Map<string, OrderRequest>();
for (const each of [shell.okx, shell.bybit]) {
  each.onPlace = (order) => {
    asked.set(order.clientOrderId, order);
    const { clientOrderId, reduceOnly } = order;
    venue.write(`${JSON.stringify({ engine: name, clientOrderId, reduceOnly })}\n`);
  };
}

createInterface(venue).on('line', (line) => {
  const [word = '', id = ''] = line.split(' ');
  const order = asked.get(id);
  if (order === undefined) throw new Error(`the venue must speak of an order of ours, not ${id}`);
  answer(order, word);
});

function answer(order: OrderRequest, word: string): void {
  const { clientOrderId, instrumentId, venueId, side, qty, limitPrice } = order;
  const told = venueId === shell.okx.venueId ? shell.okx : shell.bybit;
  if (word === 'reject') {
    const code = toRejectCode('venue.no');
    told.say({ type: 'order.rejected', clientOrderId, code, message: '' });
    return;
  }
  told.say({ type: 'order.accepted', clientOrderId, venueOrderId: toVenueOrderId(clientOrderId) });
  const fill = {
    ...{ clientOrderId, instrumentId, venueId, side, qty, price: limitPrice },
    ...{ fillId: toFillId(clientOrderId), feeUsd: toUsd('5') },
    ...{ liquidity: 'taker' as const, filledAtMs: clock.nowMs() },
  };
  told.say({ type: 'order.filled', fill });
}

let count = 0;
setInterval(() => {
  const [failure] = shell.failures;
  if (failure !== undefined) {
    say(`stopped: ${failure.message}`);
    process.exit(11);
  }
  count += 1;
  const base = `C${count}`;
  for (const { venueId } of [shell.okx, shell.bybit]) {
    const stream = { instrumentId: perpetual(venueId, base), venueId };
    shell.engine.accept({ type: 'stream.synced', ...stream });
  }
  shell.engine.accept(proposal(carryPlan(base), clock.nowMs()));
}, ENTER_EVERY_MS);

process.on('SIGCONT', () => shell.engine.accept({ type: 'operator.kill', reason: 'go home' }));
process.on('SIGUSR2', () => shell.engine.accept({ type: 'operator.kill', reason: 'go home' }));
