// Gate by gate: what an opportunity must pass, and what a refusal says was found and allowed.
import { describe, expect, test } from 'vitest';
import type { Refusal } from '../../src/domain/index.ts';
import { toMs, toTransferId, toUsd } from '../../src/domain/index.ts';
import { account, BYBIT, carryPlan, OKX, perpetual, proposal, runStarted } from './carry-plan.ts';
import { Story } from './story.ts';

const lastRefusal = (story: Story): (Refusal & { readonly key: string }) | undefined =>
  story.records
    .at(-1)
    ?.transitions.map(({ changed }) => changed['lastRefusal'])
    .at(-1) as (Refusal & { readonly key: string }) | undefined;
const refused = (story: Story, base = 'BTC') => {
  story.propose(carryPlan(base));
  return lastRefusal(story);
};
const key = 'BTC okx>bybit';

describe('an opportunity is refused', () => {
  test('while the stream of a leg is not healthy', () => {
    const story = Story.running();
    const stream = { instrumentId: perpetual(BYBIT), venueId: BYBIT };
    story.tell({ type: 'stream.gapped', ...stream, cause: 'sequence 7 after 5' });
    expect(refused(story)).toEqual({
      key,
      gate: 'stream',
      found: 'bybit:BTC/USDT:USDT',
      limit: 'healthy',
      unit: 'state',
    });
    story.tell({ type: 'stream.synced', ...stream });
    story.propose(carryPlan());
    expect(story.placed).toHaveLength(2);
  });

  test('when it was seen too long ago', () => {
    const story = Story.running();
    story.tell(proposal(carryPlan(), story.atMs - 249));
    expect(story.placed).toHaveLength(2);
    const later = Story.running();
    later.tell(proposal(carryPlan(), later.atMs - 250));
    expect(lastRefusal(later)).toEqual({
      key,
      gate: 'opportunity-age',
      found: '251',
      limit: '250',
      unit: 'ms',
    });
  });

  test('while a trade holds one of its instruments', () => {
    const found = { gate: 'already-open', found: 't1', limit: 'none', unit: 'state' };
    expect(refused(Story.opening())).toEqual({ key, ...found });
  });

  test('while its instruments cool down, to the millisecond', () => {
    const story = Story.opening();
    story.reject('a');
    story.reject('b');
    story.wait(59_998);
    expect(refused(story)).toMatchObject({ gate: 'cooldown', found: '1', limit: '0', unit: 'ms' });
    expect(refused(story)).toBeUndefined();
  });

  test('for as long as late fills are heard when an order was only denied, not refused', () => {
    const story = Story.opening({ cooldownMs: toMs(5_000) });
    story.reject('a');
    story.unknown('b');
    story.wait(2_000);
    story.answer('b', { kind: 'absent' });
    expect(story.trade.hasAbsentOrder).toBe(true);
    story.wait(29_998);
    expect(refused(story)).toMatchObject({ gate: 'cooldown', found: '1', limit: '0', unit: 'ms' });
    expect(refused(story)).toBeUndefined();
  });

  test('when as many trades are open as may be', () => {
    const story = Story.running({ openTradesMax: 1 });
    story.propose(carryPlan('ETH'));
    const found = { gate: 'open-trades', found: '2', limit: '1', unit: 'count' };
    expect(refused(story)).toEqual({ key, ...found });
  });

  test('when the account of a venue is not known', () => {
    const story = new Story();
    story.tell({ ...runStarted(), venues: [OKX] });
    for (const venueId of [OKX, BYBIT]) {
      story.tell({ type: 'stream.synced', instrumentId: perpetual(venueId), venueId });
    }
    story.tell(account(OKX));
    expect(refused(story)).toMatchObject({ gate: 'account-known', found: 'bybit' });
  });

  test('when margin would run over, by what the venue says or by what our trades bind', () => {
    const reported = Story.running();
    reported.tell(account(BYBIT, { marginUsedUsd: toUsd('28001') }));
    expect(refused(reported)).toMatchObject({
      gate: 'margin-usage',
      found: '0.30001',
      limit: '0.3',
      unit: 'ratio',
    });
    const bound = Story.running();
    bound.tell(account(OKX, { equityUsd: toUsd('13000') }));
    bound.propose(carryPlan('ETH'));
    expect(bound.placed).toHaveLength(2);
    expect(refused(bound)).toMatchObject({
      gate: 'margin-usage',
      found: '0.307692307692307693',
      limit: '0.3',
    });
  });

  test('when a withdrawal leaves too little, from the moment that it is told', () => {
    const story = Story.running();
    story.propose(carryPlan('ETH'));
    story.tell(account(OKX, { equityUsd: toUsd('20000') }));
    const told = { venueId: OKX, transferId: toTransferId('m1'), madeAtMs: toMs(story.atMs) };
    const tell = (kind: 'deposit' | 'withdrawal', amountUsd: string) =>
      story.tell({
        type: 'transfer.made',
        transfer: { ...told, kind, amountUsd: toUsd(amountUsd) },
      });
    tell('withdrawal', '-7000');
    const refusal = { gate: 'margin-usage', found: '0.307692307692307693', limit: '0.3' };
    expect(refused(story)).toMatchObject(refusal);
    tell('deposit', '7000');
    story.propose(carryPlan());
    expect(story.placed).toHaveLength(2);
    story.tell(account(OKX, { equityUsd: toUsd('20000') }));
    story.propose(carryPlan());
    expect(story.placed).toHaveLength(4);
  });

  test('when a report that was asked for before a withdrawal comes after it', () => {
    const story = Story.running();
    story.propose(carryPlan('ETH'));
    const report = (askedAtMs: number, equityUsd: string): void => {
      const rest = { askedAtMs: toMs(askedAtMs), equityUsd: toUsd(equityUsd) };
      story.tell(account(OKX, rest));
    };
    const askedBeforeAtMs = story.atMs;
    const told = { venueId: OKX, transferId: toTransferId('m1'), madeAtMs: toMs(story.atMs) };
    const transfer = { ...told, kind: 'withdrawal', amountUsd: toUsd('-7000') } as const;
    story.tell({ type: 'transfer.made', transfer });
    const heardAtMs = story.atMs;
    const reports = [
      [askedBeforeAtMs, '20000', 2],
      [heardAtMs, '20000', 2],
      [heardAtMs + 1, '13000', 2],
      [heardAtMs, '20000', 2],
      [heardAtMs + 2, '20000', 4],
    ] as const;
    for (const [askedAtMs, equityUsd, placedCount] of reports) {
      report(askedAtMs, equityUsd);
      story.propose(carryPlan());
      expect(story.placed).toHaveLength(placedCount);
    }
  });

  test('when a venue holds two legs and both together bind too much', () => {
    const story = Story.running();
    story.tell({ type: 'stream.synced', instrumentId: perpetual(OKX, 'SOL'), venueId: OKX });
    story.tell(account(OKX, { equityUsd: toUsd('13000') }));
    const plan = carryPlan();
    const legs = plan.legs.map((leg) => ({ ...leg, venueId: OKX }));
    story.propose({ ...plan, legs });
    expect(lastRefusal(story)).toMatchObject({ gate: 'margin-usage' });
  });

  test('when the account has nothing left', () => {
    const story = Story.running();
    story.tell(account(OKX, { equityUsd: toUsd('0') }));
    expect(refused(story)).toMatchObject({ gate: 'margin-usage', found: '1' });
  });

  test('when the day lost as much as it may, until the next day', () => {
    const story = Story.opening({ dailyLossUsdMax: toUsd('60'), cooldownMs: 0 as never });
    story.fillWhole('a');
    story.tell({ type: 'operator.kill', reason: 'drill' });
    story.end('b', 'cancelled', '0');
    story.quote('a', ['10000', '10001']);
    // Bought at 10010, sold at 9950, two fees of 5.
    story.fillWhole('a');
    story.tell({ type: 'operator.resume' });
    for (const venueId of [OKX, BYBIT]) story.tell(account(venueId));
    expect(refused(story)).toMatchObject({
      gate: 'daily-loss',
      found: '70',
      limit: '60',
      unit: 'usd',
    });
    story.wait(12 * 3_600_000);
    story.propose(carryPlan());
    expect(lastRefusal(story)).toBeUndefined();
  });

  test('while the engine does not scan, with what it does instead', () => {
    const story = Story.running();
    story.tell({ type: 'operator.halt', reason: 'lunch' });
    const found = { gate: 'engine-state', found: 'paused', limit: 'scanning', unit: 'state' };
    expect(refused(story)).toEqual({ key, ...found });
    story.tell({ type: 'operator.kill', reason: 'drill' });
    expect(refused(story)).toMatchObject({ gate: 'engine-state', found: 'draining' });
  });
});

test('refusals are counted per gate, those of the market plane too', () => {
  const story = Story.opening();
  refused(story);
  story.tell({
    type: 'candidate.refused',
    strategy: 'funding-carry',
    key,
    refusal: { gate: 'net-edge', found: '3', limit: '8', unit: 'bps' },
  });
  refused(story);
  const scanner = story.records.at(-1)?.transitions.at(-1)?.changed;
  expect(scanner).toMatchObject({ refusalCounts: { 'already-open': 2, 'net-edge': 1 } });
});
