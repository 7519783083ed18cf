// A run that another process takes up: what was on its way is asked about, nothing is sent twice,
// and what an operator commanded holds on.
import { describe, expect, test } from 'vitest';
import type { Input, StepRecord } from '../../src/domain/index.ts';
import { toQty, toRate, toUsd } from '../../src/domain/index.ts';
import { Kernel } from '../../src/kernel/index.ts';
import { account, BYBIT, carryPlan, OKX, perpetual } from './carry-plan.ts';
import { Story } from './story.ts';

const repeatAll = (story: Story): void => {
  for (const venueId of [OKX, BYBIT]) {
    story.tell({ type: 'activity.reported', venueId });
    story.tell(account(venueId));
  }
};
const resynced = (story: Story): void => {
  for (const venueId of [OKX, BYBIT]) {
    story.tell({ type: 'stream.synced', instrumentId: perpetual(venueId), venueId });
  }
};

describe('a run that is resumed', () => {
  test('asks each venue what happened, then for its account, before anything new is opened', () => {
    const story = Story.running();
    story.tell(account(OKX), 700_000);
    const { effects } = story.restart();
    expect(effects.filter(({ type }) => type.endsWith('.ask'))).toEqual(
      [OKX, BYBIT].map((venueId) => ({
        type: 'activity.ask',
        venueId,
        sinceAtMs: (story.records.at(-2)?.atMs ?? 0) - 600_000,
      })),
    );
    expect(story.kernel.engineState).toBe('reconciling');
    story.tell(account(OKX));
    story.tell(account(BYBIT));
    expect(story.kernel.engineState).toBe('reconciling');
    repeatAll(story);
    expect(story.kernel.engineState).toBe('running');
  });

  test('asks for nothing of before the run itself began', () => {
    const story = Story.running();
    const { effects } = story.restart();
    expect(effects).toContainEqual({
      type: 'activity.ask',
      venueId: OKX,
      sinceAtMs: story.records[0]?.atMs,
    });
  });

  test('asks for as long ago as the process before it did, when that died waiting', () => {
    const story = Story.running();
    story.tell(account(OKX), 700_000);
    const sinceOf = (record: StepRecord) =>
      record.effects.flatMap((effect) => (effect.type === 'activity.ask' ? effect.sinceAtMs : []));
    const first = sinceOf(story.restart());
    story.tell({ type: 'activity.reported', venueId: OKX });
    story.wait(20_000);
    expect(sinceOf(story.restart())).toEqual(first);
    repeatAll(story);
    story.wait(20_000);
    expect(sinceOf(story.restart())).not.toEqual(first);
  });

  test('asks again each second what a venue does not answer', () => {
    const story = Story.running();
    story.restart();
    const before = story.records.length;
    story.wait(1000);
    const asked = story.records.slice(before).flatMap(({ effects }) => effects);
    expect(asked.filter(({ type }) => type === 'activity.ask')).toHaveLength(2);
    repeatAll(story);
    story.wait(5000);
    expect(story.records.at(-1)?.input.type).toBe('account.reported');
  });

  test('enters on no book before its stream is healthy again', () => {
    const story = Story.running();
    story.restart();
    repeatAll(story);
    story.propose(carryPlan());
    expect(story.placed).toHaveLength(0);
    resynced(story);
    story.propose(carryPlan());
    expect(story.placed).toHaveLength(2);
  });

  test('takes the limits of the new configuration for what it opens', () => {
    const story = Story.running();
    story.restart(100, { openTradesMax: 0 });
    repeatAll(story);
    resynced(story);
    story.propose(carryPlan());
    expect(story.placed).toHaveLength(0);
    expect(JSON.stringify(story.records.at(-1)?.transitions)).toContain('open-trades');
  });

  test.each<[Input, string]>([
    [{ type: 'operator.halt', reason: 'lunch' }, 'halted'],
    [{ type: 'operator.kill', reason: 'drill' }, 'killed'],
  ])('stays as %o left it', (command, state) => {
    const story = Story.running();
    story.tell(command);
    story.restart();
    repeatAll(story);
    expect(story.kernel.engineState).toBe(state);
    story.tell({ type: 'operator.resume' });
    repeatAll(story);
    expect(story.kernel.engineState).toBe('running');
  });

  test('runs on after a stop that had not ended, and after one that kept its trades', () => {
    for (const type of ['operator.stop', 'operator.leave'] as const) {
      const story = Story.open();
      story.tell({ type, reason: 'update' });
      story.restart();
      repeatAll(story);
      expect(story.kernel.engineState).toBe('running');
    }
  });
});

describe('an order that was out when the process died', () => {
  test('is asked about, never sent again', () => {
    const story = Story.opening();
    story.fillWhole('a');
    const before = story.placed.length;
    story.restart();
    const fill = story.fillOf(story.order('b'), '1');
    story.answer('b', { kind: 'ended', end: 'filled', fills: [fill] });
    story.tell({ type: 'order.filled', fill });
    expect(story.placed).toHaveLength(before);
    expect(story.position('b')).toBe('-1');
    expect(story.ladder).toMatchInlineSnapshot(`
      "
      -                opportunity.found  → IDLE → OPENING.sent  timer entry 1200 · a buy 1 @10010
                                            b sell 1 @10040
      OPENING.sent     a filled 1         → OPENING.filling  timer orphan 400
      OPENING.filling  run.resumed        → PARTIAL  query b · timer orphan 300
      PARTIAL          b is ended         → OPEN  timer hold 28799886
      "
    `);
  });

  test('that never arrived is proven absent by its own time, not by that of the restart', () => {
    const story = Story.opening();
    story.restart(1990);
    story.answer('a', { kind: 'absent' });
    story.answer('b', { kind: 'absent' });
    expect(story.ladder).not.toContain('CLOSED');
    story.wait(10);
    story.answer('a', { kind: 'absent' });
    story.answer('b', { kind: 'absent' });
    expect(story.ladder).toContain('CLOSED');
    expect(story.placed).toHaveLength(2);
  });

  test('leaves the time alone running: what was due meanwhile happens at once', () => {
    const story = Story.opening();
    story.fillWhole('a');
    story.restart(3000);
    story.wait(0);
    expect(story.trade.isPanicked).toBe(true);
    expect(story.ladder).toContain('→ PANIC.flattening  alert ORPHAN_LEG');
  });
});

describe('a resumed trade', () => {
  test('asks again for the quotes that nobody will answer any more', () => {
    const story = Story.open();
    story.signalExit();
    const { effects } = story.restart();
    expect(effects.filter(({ type }) => type === 'quote.ask')).toHaveLength(2);
    for (const leg of ['a', 'b']) story.quote(leg, ['10020', '10021']);
    for (const leg of ['a', 'b']) story.fillWhole(leg);
    expect(story.ladder).toContain('CLOSED');
  });

  test('counts fills, payments and liquidations once, however often the venue repeats them', () => {
    const story = Story.open();
    const fill = story.records.flatMap(({ input }) =>
      input.type === 'order.filled' ? [input.fill] : [],
    );
    const payment = {
      venueId: OKX,
      instrumentId: perpetual(OKX),
      fundingAtMs: story.atMs,
      fundingRate: toRate('0.0001'),
      positionQty: toQty('1'),
      markPrice: story.order('a').limitPrice,
      amountUsd: toUsd('-1'),
    };
    story.tell({ type: 'funding.paid', payment });
    story.restart();
    for (const each of fill) story.tell({ type: 'order.filled', fill: each });
    story.tell({ type: 'funding.paid', payment });
    repeatAll(story);
    expect(story.position('a')).toBe('1');
    expect(story.trade.fundingUsd).toBe('-1');
    expect(story.alerts).toEqual([]);
  });

  test('hears of an order that its disk has lost, and never uses its number again', () => {
    const story = Story.opening();
    story.fillWhole('a');
    story.end('b', 'expired', '0');
    const forgotten = structuredClone(story.kernel.snapshot());
    story.quote('b', ['10032', '10034']);
    const lost = story.order('b');
    story.kernel = Kernel.restore(forgotten);
    story.restart(10);
    story.tell({ type: 'order.filled', fill: story.fillOf(lost, '0.4') });
    story.quote('b', ['10032', '10034']);
    expect(story.order('b').clientOrderId).not.toBe(lost.clientOrderId);
    expect(story.order('b').qty).toBe('0.6');
  });
});
