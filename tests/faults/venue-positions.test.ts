// What befalls a trade that holds: the venue closes a leg itself, the account shows something else
// than our fills, fees change, a venue or its prices go away.
import { describe, expect, test } from 'vitest';
import type { OrderRequest } from '../../src/domain/index.ts';
import { minus, toPrice, toQty, toRate, toUsd, total } from '../../src/domain/index.ts';
import { toMs, ZERO_USD } from '../../src/domain/index.ts';
import { BYBIT, OKX, perpetual } from '../machines/carry-plan.ts';
import type { PaperOptions } from './paper-stage.ts';
import { PaperStage } from './paper-stage.ts';
import { listing } from './faulty-venue.ts';

/** An order for the short leg's instrument that this run did not send. */
function byHand(stage: PaperStage, changes: Partial<OrderRequest>): OrderRequest {
  const [ours] = stage.second.placed;
  if (ours === undefined) throw new Error('the second leg must have sent an order');
  return {
    ...ours,
    clientOrderId: 'by-hand-1' as OrderRequest['clientOrderId'],
    side: 'buy',
    limitPrice: toPrice('10100'),
    ...changes,
  };
}

describe('the venue closes a leg itself', () => {
  test('whole, by liquidation: the other leg follows within 20 ms', () => {
    const stage = PaperStage.open(nearlyBroke());
    stage.touch = { okx: [12_100, 12_100.1], bybit: [12_150, 12_150.1] };
    stage.wait(1_000);
    expect(stage.path.slice(3)).toEqual(['PANIC', 'CLOSED']);
    expect(stage.positions()).toEqual(['0', '0']);
    expect(stage.unhedgedMsMax).toBeLessThanOrEqual(20);
    expect(stage.second.placed).toHaveLength(1);
  });

  test('in part, by deleveraging: the quantity counts, both legs go home', () => {
    const stage = PaperStage.open();
    const adl = byHand(stage, { qty: toQty('0.4'), reduceOnly: true });
    stage.second.onReport = (report, say) => {
      const isFill = report.type === 'order.filled';
      if (isFill && report.fill.clientOrderId === adl.clientOrderId) {
        say({ type: 'position.liquidated', fill: report.fill });
      } else if (!('clientOrderId' in report) || report.clientOrderId !== adl.clientOrderId) {
        say(report);
      }
    };
    stage.second.placeByHand(adl);
    stage.wait(1_000);
    expect(stage.path.slice(3)).toEqual(['PANIC', 'CLOSED']);
    expect(stage.second.placed.map(({ qty }) => qty)).toEqual(['1', '0.6']);
    expect(stage.positions()).toEqual(['0', '0']);
    expect(stage.unhedgedMsMax).toBeLessThanOrEqual(20);
  });

  test('and the word of it is lost: the second report that differs halts and brings all home', () => {
    const stage = PaperStage.open(nearlyBroke());
    stage.second.onReport = (report, say) => {
      if (report.type !== 'position.liquidated') say(report);
    };
    stage.touch = { okx: [12_100, 12_100.1], bybit: [12_150, 12_150.1] };
    stage.rest(21_000);
    expect(stage.alerts).toEqual(['POSITION_MISMATCH', 'TRADE_PANIC']);
    expect(stage.kernel.engineState).toBe('halted');
    expect(stage.positions()).toEqual(['0', '0']);
    const orderCount = stage.calls.length;
    stage.propose();
    stage.wait(1_000);
    expect(stage.calls).toHaveLength(orderCount);
  });
});

describe('an account report', () => {
  test('that lags one report behind our fills is no contradiction', () => {
    const stage = PaperStage.running({ limits: { accountEveryMs: toMs(1_000) } });
    const before = stage.second.statement();
    let isOld = true;
    stage.second.onReport = (report, say) => {
      if (report.type !== 'account.reported' || !isOld) return say(report);
      isOld = stage.tradeState !== 'OPEN';
      return say({ ...report, report: { ...report.report, ...before } });
    };
    stage.propose();
    stage.wait(5_000);
    expect(stage.alerts).toEqual([]);
    expect(stage.kernel.engineState).toBe('running');
  });

  test('that was asked for before a fill is none either, however many come', () => {
    const stage = PaperStage.running({ limits: { accountEveryMs: toMs(100) } });
    const late: (() => void)[] = [];
    stage.second.onReport = (report, say) => {
      if (report.type !== 'account.reported' || late.length === 3) say(report);
      else late.push(() => say(report));
    };
    stage.wait(400);
    stage.propose();
    stage.wait(100);
    expect(late).toHaveLength(3);
    const held = stage.positions();
    for (const arrive of late) arrive();
    stage.wait(2_000);
    expect(stage.alerts).toEqual([]);
    expect(stage.tradeState).toBe('OPEN');
    expect(stage.positions()).toEqual(held);
  });

  test('that does not come is never taken for an empty account: nothing is opened', () => {
    const stage = new PaperStage();
    stage.second.onReport = (report, say) =>
      say(
        report.type === 'account.reported'
          ? { type: 'account.unavailable', venueId: BYBIT, cause: 'an empty page' }
          : report,
      );
    stage.wait(3_000);
    stage.propose();
    stage.wait(500);
    expect(stage.kernel.engineState).toBe('reconciling');
    expect(stage.calls).toEqual([]);
    expect(stage.alerts).toContain('ACCOUNT_UNAVAILABLE');
  });
});

describe('somebody else trades on the account', () => {
  test('where we hold nothing: the fill is told, the difference halts, his order stays', () => {
    const stage = PaperStage.open();
    stage.signalExit();
    stage.wait(1_000);
    const resting = { limitPrice: toPrice('9000'), timeInForce: 'GTC' } as const;
    const id = 'by-hand-2' as OrderRequest['clientOrderId'];
    stage.second.placeByHand(byHand(stage, { ...resting, clientOrderId: id }));
    stage.second.placeByHand(byHand(stage, { qty: toQty('0.4') }));
    stage.rest(25_000);
    expect(stage.alerts).toEqual(['FOREIGN_FILL', 'POSITION_MISMATCH']);
    expect(stage.kernel.engineState).toBe('halted');
    expect(stage.positions()).toEqual(['0', '0.4']);
    const said = stage.records.length;
    stage.second.query({ clientOrderId: id, venueId: BYBIT, instrumentId: perpetual(BYBIT) });
    stage.wait(50);
    expect(stage.inputs.slice(said)).toMatchObject([{ evidence: { kind: 'open' } }]);
  });

  test('and flattens while we do: no leg goes through zero', () => {
    const stage = PaperStage.open();
    stage.signalExit();
    stage.second.placeByHand(byHand(stage, { reduceOnly: true }));
    stage.wait(5_000);
    expect(stage.tradeState).toBe('CLOSED');
    expect(stage.positions()).toEqual(['0', '0']);
    expect(stage.placedWithoutReduceOnly()).toHaveLength(2);
  });
});

test('a fee that changes while the trade is open is booked as the venue charges it', () => {
  const stage = PaperStage.open();
  const dearer = listing(perpetual(BYBIT), { takerFeeRate: toRate('0.001') });
  stage.bybit.tell({ type: 'instrument.listed', instrument: dearer });
  stage.signalExit();
  stage.wait(1_000);
  const charged = stage.second.ledger.entries.filter(({ kind }) => kind === 'fee');
  const chargedUsd = minus(ZERO_USD, total(charged.map(({ amountUsd }) => amountUsd)));
  const { feesUsd } = Object.values(stage.kernel.trade('t1')?.legs ?? {})[1] ?? {};
  expect(feesUsd).toBe(chargedUsd);
  expect(feesUsd).toBe('15.0751');
});

describe('while one venue is away', () => {
  const cut = (stage: PaperStage): void => {
    stage.isQuoting = false;
    stage.okx.notice({ type: 'feed.disconnected', venueId: OKX, cause: 'cut' });
  };
  /** Only the other venue's prices come. */
  const waitAlone = (stage: PaperStage, forMs: number): void => {
    for (let ms = 0; ms < forMs; ms += 100) {
      stage.bybit.quote(...stage.touch.bybit);
      stage.wait(100);
    }
  };
  const heal = (stage: PaperStage): void => {
    stage.okx.notice({ type: 'feed.connected', venueId: OKX });
    stage.isQuoting = true;
    stage.wait(2_000);
  };

  test('its prices alone: a trade that wants to leave waits whole, says so, and leaves then', () => {
    const stage = PaperStage.open();
    cut(stage);
    stage.signalExit();
    waitAlone(stage, 6_000);
    expect(stage.alerts).toEqual(['EXIT_WAITS']);
    expect(stage.positions()).toEqual(['1', '-1']);
    heal(stage);
    expect(stage.tradeState).toBe('CLOSED');
    expect(stage.positions()).toEqual(['0', '0']);
    expect(stage.unhedgedMsMax).toBe(0);
  });

  test('its way for orders alone: none is repeated, only asked about, and all is flat then', () => {
    const stage = PaperStage.open();
    stage.first.onCall = () => undefined;
    stage.signalExit();
    stage.wait(5_000);
    expect(stage.first.placed).toHaveLength(2);
    expect(stage.calls.filter((call) => call === 'okx query').length).toBeGreaterThan(3);
    expect(stage.alerts).toEqual(expect.arrayContaining(['TRADE_PANIC', 'STRANDED_LEG']));
    stage.first.onCall = (_, go) => go();
    stage.wait(5_000);
    expect(stage.tradeState).toBe('CLOSED');
    expect(stage.positions()).toEqual(['0', '0']);
  });

  test('nothing is opened there', () => {
    const stage = PaperStage.running();
    cut(stage);
    waitAlone(stage, 1_000);
    stage.propose();
    stage.wait(200);
    expect(stage.refusedBy('stream')).toBe(1);
    expect(stage.calls).toEqual([]);
  });
});

/** Enough for the margin of the second leg and a fifth of its price more. */
function nearlyBroke(): PaperOptions {
  return {
    settings: { depositUsd: toUsd('2200') },
    limits: { marginUsageMax: toRate('1'), accountEveryMs: toMs(10_000) },
  };
}
