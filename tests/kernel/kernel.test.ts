// Who hears what, in which order, and that the records chain into one hash.
import { describe, expect, test } from 'vitest';
import type { Input } from '../../src/domain/index.ts';
import { GENESIS_HASH, toMs, toTradeId } from '../../src/domain/index.ts';
import { Kernel, recordHash } from '../../src/kernel/index.ts';
import { route } from '../../src/kernel/routing.ts';
import {
  account,
  OKX,
  perpetual,
  proposal,
  carryPlan,
  runStarted,
} from '../machines/carry-plan.ts';
import { Story } from '../machines/story.ts';
import { HOLDER } from '../machines/lease-holder.ts';
import { eventfulLife } from './stories.ts';

const story = Story.opening();
const fill = story.fillOf(story.order('a'), '1');
const { clientOrderId } = fill;
const stream = { instrumentId: perpetual(OKX), venueId: OKX };
const payment = { instrumentId: perpetual(OKX) } as never;

describe('an input reaches', () => {
  const known = new Set(['stream:okx:BTC/USDT:USDT']);
  const heard = (input: Input, actors = known): readonly string[] =>
    route(input, toMs(7), {
      runTag: 'test01',
      hasActor: (actor) => actors.has(actor),
      actors: () => [...actors],
    }).map(({ actor, event }) => `${actor} ${event.type}`);

  test.each<[Input, readonly string[]]>([
    [runStarted(), ['engine run.started']],
    [{ type: 'run.resumed' } as never, ['stream:okx:BTC/USDT:USDT run.resumed']],
    [{ type: 'activity.reported', venueId: OKX }, ['engine activity.reported']],
    [{ type: 'operator.halt', reason: '' }, ['engine operator.halt']],
    [{ type: 'operator.resume' }, ['engine operator.resume']],
    [{ type: 'operator.kill', reason: '' }, ['engine operator.kill']],
    [{ type: 'operator.stop', reason: '' }, ['engine operator.stop']],
    [{ type: 'operator.leave', reason: '' }, ['engine operator.leave']],
    [
      { type: 'lease.unreachable', cause: '' },
      ['scanner lease.unreachable', 'engine lease.unreachable'],
    ],
    [
      { type: 'lease.recovered', awayMs: toMs(1) },
      ['scanner lease.recovered', 'engine lease.recovered'],
    ],
    [{ type: 'lease.forgotten', fence: 2 }, ['engine lease.forgotten']],
    [{ type: 'lease.inherited', from: HOLDER, ours: HOLDER }, ['engine lease.inherited']],
    [{ type: 'lease.superseded', holder: HOLDER }, ['engine lease.superseded']],
    [proposal(carryPlan(), 0), ['scanner opportunity.found']],
    [
      { type: 'candidate.refused', strategy: '', key: '', refusal: {} as never },
      ['scanner candidate.refused'],
    ],
    [
      { type: 'exit.signalled', tradeId: toTradeId(4), reason: '', expectedBps: '0' as never },
      ['t4 exit.signalled'],
    ],
    [
      { type: 'quote.answered', tradeId: toTradeId(4), legId: 'a' as never, quote: null },
      ['t4 quote.answered'],
    ],
    [
      { type: 'order.accepted', clientOrderId, venueOrderId: 'v' as never },
      ['t1.a order.accepted'],
    ],
    [
      { type: 'order.rejected', clientOrderId, code: 'venue.banned', message: '' },
      ['t1.a order.rejected'],
    ],
    [{ type: 'order.unknown', clientOrderId, cause: '' }, ['t1.a order.unknown']],
    [
      { type: 'order.ended', clientOrderId, end: 'filled', filledQty: fill.qty },
      ['t1.a order.ended'],
    ],
    [{ type: 'order.filled', fill }, ['scanner fill.unclaimed']],
    [
      { type: 'order.answered', clientOrderId, evidence: { kind: 'absent' } },
      ['t1.a order.answered'],
    ],
    [
      { type: 'order.answered', clientOrderId, evidence: { kind: 'open', fills: [fill] } },
      ['risk-guard order.filled', 't1.a order.answered'],
    ],
    [{ type: 'position.liquidated', fill }, ['risk-guard position.liquidated']],
    [{ type: 'transfer.made', transfer: {} as never }, ['scanner transfer.made']],
    [{ type: 'funding.paid', payment }, ['risk-guard funding.paid', 'scanner funding.paid']],
    [
      account(OKX),
      ['scanner account.reported', 'risk-guard account.reported', 'engine account.reported'],
    ],
    [
      { type: 'account.unavailable', venueId: OKX, cause: '' },
      ['risk-guard account.unavailable', 'engine account.unavailable'],
    ],
    [{ type: 'timer.fired', actor: 't1.a', timer: 'ack' }, ['t1.a timer.ack']],
    [{ type: 'stream.connected', ...stream }, ['stream:okx:BTC/USDT:USDT stream.connected']],
    [{ type: 'stream.fresh', ...stream }, ['stream:okx:BTC/USDT:USDT stream.fresh']],
  ])('%o', (input, deliveries) => {
    expect(heard(input)).toEqual(deliveries);
  });

  test('the risk-guard before the leg that filled', () => {
    expect(heard({ type: 'order.filled', fill }, new Set(['t1.a']))).toEqual([
      'risk-guard order.filled',
      't1.a order.filled',
    ]);
  });

  test('the engine when its stream has no actor yet', () => {
    expect(heard({ type: 'stream.synced', ...stream }, new Set())).toEqual([
      'engine stream.appeared',
    ]);
  });

  test('nobody when its order is not of this run, and the record says so', () => {
    const foreign = { ...fill, clientOrderId: 'other1000010000001' as never };
    const teller = Story.running();
    const record = teller.tell({
      type: 'order.unknown',
      clientOrderId: foreign.clientOrderId,
      cause: '',
    });
    expect(record.transitions).toEqual([
      {
        actor: 'order:other1000010000001',
        from: '-',
        event: 'order.unknown',
        to: '-',
        changed: {},
      },
    ]);
  });
});

describe('the chain', () => {
  test('hashes each record over the one before it', () => {
    const { records } = Story.opening();
    records.reduce((previous, record) => {
      expect(record.hash).toBe(recordHash(previous, record));
      return record.hash;
    }, GENESIS_HASH);
    expect(records.map(({ seq }) => seq)).toEqual(records.map((_, index) => index + 1));
  });

  // A new hash here means that recorded runs no longer replay: that is a decision, never an
  // accident.
  test('of a story that never changes ends in the hash that is written here', () => {
    expect(eventfulLife().kernel.head.hash).toMatchInlineSnapshot(
      `"0686cc94f08cb90db08e9059d81076d3f80e60a135622a63e84ee4790ba27205"`,
    );
  });

  test('says in words where the story ended', () => {
    const life = eventfulLife();
    expect(life.kernel.engineState).toBe('stopped');
    expect(life.alerts).toEqual(['TRADE_PANIC', 'TRADE_PANIC', 'STRANDED_LEG']);
  });
});

describe('time', () => {
  test('never runs backwards, whatever the clock says', () => {
    const kernel = new Kernel();
    kernel.step(runStarted(), toMs(1000));
    expect(kernel.step(account(OKX), toMs(400)).atMs).toBe(1000);
    expect(kernel.step(account(OKX), toMs(1001)).atMs).toBe(1001);
  });
});

describe('a machine that faults', () => {
  test('fails the step, and nothing is taken or told after it', () => {
    const teller = Story.opening();
    const { kernel } = teller;
    const broken = { ...fill, qty: 'many' as never };
    expect(() => kernel.step({ type: 'order.filled', fill: broken }, teller.atMs)).toThrow(
      'the machines faulted on order.filled for risk-guard',
    );
    const head = kernel.head.hash;
    expect(() => kernel.step({ type: 'operator.halt', reason: '' }, teller.atMs)).toThrow(
      'the machines faulted',
    );
    expect(() => kernel.snapshot()).toThrow('the machines faulted');
    expect(kernel.head.hash).toBe(head);
  });
});
