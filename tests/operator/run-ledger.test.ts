// The ledger of a run beside the venue's own: whatever happens at the venue, every asset sums to
// zero, and what the account is worth is what the ledger says, to the last digit. Money that nobody
// can name is shown and never booked.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AccountReport, Input, Transfer, VenueReport } from '../../src/domain/index.ts';
import { fillLines, isZero, toMs, toPrice, toQty, toRate } from '../../src/domain/index.ts';
import { toSeq, toTradeId, total, toTransferId, toUsd } from '../../src/domain/index.ts';
import { RunHistory } from '../../src/operator/run-history.ts';
import { RunLedger } from '../../src/operator/run-ledger.ts';
import { summarise } from '../../src/operator/run-summary.ts';
import { profitOf } from '../../src/operator/trade-history.ts';
import type { ExchangeWorld } from '../exchange/exchange-world.ts';
import { newWorld, play, steps } from '../exchange/random-steps.ts';
import { account, OKX, perpetual } from '../machines/carry-plan.ts';
import { Story } from '../machines/story.ts';

function historyOf(inputs: readonly Input[]): RunHistory {
  const history = new RunHistory();
  for (const [index, input] of inputs.entries()) {
    const seq = toSeq(index + 1);
    history.add({ seq, atMs: toMs(index), input, transitions: [], effects: [], hash: '' });
  }
  return history;
}

function reportOf(world: ExchangeWorld): AccountReport {
  world.exchange.reportAccount();
  world.pass(10_000);
  const report = world.reports.findLast(({ type }) => type === 'account.reported');
  return report?.type === 'account.reported' ? report.report : expect.fail('no report came');
}

describe('beside the own ledger of a venue', () => {
  test('any life of an account leaves nothing unexplained', () => {
    fc.assert(
      fc.property(steps, (script) => {
        const world = newWorld();
        reportOf(world);
        play(world, script);
        const { equityUsd } = reportOf(world);
        const { ledger, insuranceUsd } = historyOf(world.reports);
        const insured = world.exchange.ledger.entries.filter(({ kind }) => kind === 'insurance');
        expect(insuranceUsd).toBe(total(insured.map(({ amountUsd }) => amountUsd)));
        expect(Object.values(ledger.sums).every(isZero)).toBe(true);
        expect(ledger.checks).toMatchObject([
          { isQuiet: true, equityUsd, ledgerUsd: equityUsd, differenceUsd: '0' },
        ]);
      }),
      { numRuns: 100 },
    );
  });

  test('told twice over, as after a restart, it counts once', () => {
    fc.assert(
      fc.property(steps, (script) => {
        const world = newWorld();
        reportOf(world);
        play(world, script);
        reportOf(world);
        const isActivity = ({ type }: VenueReport): boolean =>
          ['order.filled', 'funding.paid', 'position.liquidated', 'transfer.made'].includes(type);
        const again = world.reports.filter(isActivity);
        const once = historyOf(world.reports);
        const twice = historyOf([...world.reports, ...again]);
        expect(twice.ledger.balances).toEqual(once.ledger.balances);
        expect(twice.counts.fundingPayments).toBe(once.counts.fundingPayments);
        expect(summarise(twice).profit).toEqual(summarise(once).profit);
      }),
      { numRuns: 50 },
    );
  });
});

const report = (equityUsd: string, rest: Partial<AccountReport> = {}) =>
  account(OKX, { equityUsd: toUsd(equityUsd), ...rest });
const checkOf = (inputs: readonly Input[]) => historyOf(inputs).ledger.checks[0];

describe('an account report', () => {
  test('the first of a venue says what was there before the run', () => {
    const held = {
      instrumentId: perpetual(OKX, 'BTC'),
      qty: toQty('-0.5'),
      entryPrice: toPrice('100'),
      markPrice: toPrice('90'),
    };
    const { ledger } = historyOf([report('1000', { positions: [held] })]);
    expect(
      ledger.balances.map(({ account: name, asset, amount }) => [name, asset, amount]),
    ).toEqual([
      ['position', 'BTC', '-0.5'],
      ['position', 'USD', '50'],
      ['transfers', 'BTC', '0.5'],
      ['transfers', 'USD', '-1045'],
      ['wallet', 'USD', '995'],
    ]);
    expect(ledger).toMatchObject({ isBalanced: true, unexplainedUsd: '0' });
  });

  test('a difference that is gone by the next report was only under way', () => {
    expect(checkOf([report('1000'), report('1007')])).toMatchObject({
      differenceUsd: '7',
      unexplainedUsd: '0',
    });
    expect(checkOf([report('1000'), report('1007'), report('1000')])).toMatchObject({
      differenceUsd: '0',
      unexplainedUsd: '0',
    });
  });

  test('one that stays is told and not booked, down to what two reports agree on', () => {
    const inputs = [report('1000'), report('1007'), report('1005')];
    expect(checkOf(inputs)).toMatchObject({ differenceUsd: '5', unexplainedUsd: '5' });
    expect(checkOf([...inputs, report('993')])).toMatchObject({ unexplainedUsd: '0' });
    expect(historyOf(inputs).ledger.postings).toBe(1);
    expect(summarise(historyOf(inputs)).ledger.unexplainedUsd).toBe('5');
  });

  test('that holds something else than the ledger proves nothing about money', () => {
    const instrumentId = perpetual(OKX, 'BTC');
    const prices = { entryPrice: toPrice('100'), markPrice: toPrice('100') };
    const positions = [{ instrumentId, qty: toQty('1'), ...prices }];
    expect(checkOf([report('1000'), report('1500', { positions })])).toMatchObject({
      isQuiet: false,
      differenceUsd: '0',
    });
  });
});

describe('a transfer', () => {
  const transfer = (kind: Transfer['kind'], amountUsd: string, name: string = kind): Input => ({
    type: 'transfer.made',
    transfer: {
      ...{ venueId: OKX, transferId: toTransferId(name), kind, madeAtMs: toMs(1) },
      amountUsd: toUsd(amountUsd),
    },
  });
  const moved = [transfer('deposit', '500'), transfer('withdrawal', '-200')];
  const amounts = (inputs: readonly Input[]) =>
    historyOf(inputs).ledger.balances.map(({ account: name, amount }) => [name, amount]);

  test('is an entry of its own, explains what the next reports show, and is no profit', () => {
    const inputs = [report('1000'), ...moved, report('1300'), report('1300')];
    expect(amounts(inputs)).toEqual([
      ['transfers', '-1300'],
      ['wallet', '1300'],
    ]);
    expect(summarise(historyOf(inputs))).toMatchObject({
      ledger: { postings: 3, isBalanced: true, unexplainedUsd: '0' },
      profit: { totalUsd: '0', unexplainedUsd: '0' },
    });
  });

  test('of an insurance fund is profit, less loss, and a part of it by name', () => {
    const inputs = [report('1000'), transfer('insurance', '40'), report('1040'), report('1040')];
    expect(amounts(inputs)).toEqual([
      ['insurance', '-40'],
      ['transfers', '-1000'],
      ['wallet', '1040'],
    ]);
    expect(summarise(historyOf(inputs))).toMatchObject({
      ledger: { unexplainedUsd: '0' },
      profit: { insuranceUsd: '40', totalUsd: '40', unexplainedUsd: '0' },
    });
  });

  test('counts once by its name, however often it is told', () => {
    const inputs = [report('1000'), ...moved, report('1300'), ...moved, report('1300')];
    expect(historyOf(inputs).ledger).toMatchObject({ postings: 3, unexplainedUsd: '0' });
    const other = [...inputs, transfer('deposit', '500', 'another')];
    expect(historyOf(other).ledger.postings).toBe(4);
  });

  test('that is told before the first report of its venue is in that report', () => {
    const inputs = [...moved, report('1300'), report('1300')];
    expect(historyOf(inputs).ledger).toMatchObject({ postings: 3, unexplainedUsd: '0' });
    expect(amounts(inputs)).toEqual(amounts([report('1000'), ...moved]));
  });

  test('that overtakes the first report, or falls behind it, is not explained', () => {
    const [told, full] = [transfer('deposit', '500'), report('10500')];
    const left = (...inputs: Input[]) => historyOf([...inputs, full, full]).ledger.unexplainedUsd;
    expect([left(told, report('10000')), left(full, told)]).toEqual(['500', '-500']);
  });
});

test('a posting with one side is not balanced', () => {
  const story = Story.opening();
  const [line] = fillLines(story.fillWhole('a'));
  const ledger = new RunLedger();
  ledger.book(line === undefined ? [] : [line]);
  expect(ledger.isBalanced).toBe(false);
});

describe('the profit of a trade', () => {
  const told = (story: Story, ...more: readonly Input[]) => {
    const history = new RunHistory();
    for (const record of story.records) history.add(record);
    const last = story.records.at(-1) ?? expect.fail('a record');
    for (const input of more) history.add({ ...last, input, transitions: [], effects: [] });
    const trade = history.trade(toTradeId(1)) ?? expect.fail('t1');
    return { profit: profitOf(trade), summary: summarise(history) };
  };
  const payment = (story: Story, changes: { amountUsd?: string; positionQty?: string } = {}) => ({
    type: 'funding.paid' as const,
    payment: {
      venueId: OKX,
      instrumentId: perpetual(OKX, 'BTC'),
      fundingAtMs: toMs(story.atMs + 1),
      fundingRate: toRate('-0.0001'),
      positionQty: toQty(changes.positionQty ?? '1'),
      markPrice: toPrice('10000'),
      amountUsd: toUsd(changes.amountUsd ?? '1'),
    },
  });

  test('is explained to the last digit by funding, basis, fees and slippage', () => {
    const story = Story.open();
    const { profit, summary } = told(story, payment(story));
    expect(profit).toMatchObject({ fundingUsd: '1', roundingUsd: '0', unexplainedUsd: '0' });
    expect(summary.profit).toEqual({ ...profit, insuranceUsd: '0' });
  });

  test('what a venue rounds of a payment is rounding', () => {
    const story = Story.open();
    const { profit } = told(story, payment(story, { amountUsd: '0.99999999' }));
    expect(profit).toMatchObject({ roundingUsd: '-0.00000001', unexplainedUsd: '0' });
  });

  test('a payment on another position than it held is not explained by it', () => {
    const story = Story.open();
    const { profit } = told(story, payment(story, { amountUsd: '3', positionQty: '3' }));
    expect(profit).toMatchObject({ fundingUsd: '1', roundingUsd: '0', unexplainedUsd: '2' });
  });

  test('a payment that is repeated, in whatever words, counts once', () => {
    const story = Story.open();
    const once = told(story, payment(story));
    const twice = told(story, payment(story), payment(story));
    expect(twice.profit).toEqual(once.profit);
    expect(twice.summary.fundingPayments).toBe(1);
  });

  test('a fill that belongs to no trade is money without an explanation', () => {
    const story = Story.open();
    const stray = { ...story.fillOf(story.order('a'), '1'), clientOrderId: 'x' as never };
    const { summary } = told(story, { type: 'order.filled', fill: stray });
    expect(isZero(summary.profit.unexplainedUsd)).toBe(false);
  });
});
