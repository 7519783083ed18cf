// The venue of the second leg takes the order not at all or in part, for every reason that it may
// have. The first leg does not stay alone, and nothing is tried more often than the plan allows.
import { expect, test } from 'vitest';
import type { Instrument, VenueReport } from '../../src/domain/index.ts';
import { toMs, toPrice, toQty, toRate, toRejectCode, toUsd } from '../../src/domain/index.ts';
import { BYBIT, perpetual } from '../machines/carry-plan.ts';
import { listing } from './faulty-venue.ts';
import type { PaperOptions } from './paper-stage.ts';
import { PaperStage } from './paper-stage.ts';

const CHASED = 'IDLE OPENING PARTIAL CHASING OPEN';
const GIVEN_UP = 'IDLE OPENING PARTIAL PANIC CLOSED';
const UNWOUND = 'IDLE OPENING PARTIAL CHASING PARTIAL CHASING PARTIAL PANIC CLOSED';

const relist = (stage: PaperStage, changes: Partial<Instrument>): void =>
  stage.bybit.tell({
    type: 'instrument.listed',
    instrument: listing(perpetual(BYBIT), changes),
  });

/** The venue's account looks rich to us until an order asks for its money. */
const flattering = (report: VenueReport): VenueReport =>
  report.type === 'account.reported'
    ? { ...report, report: { ...report.report, equityUsd: toUsd('100000') } }
    : report;

test.each<[string, PaperOptions, (stage: PaperStage) => void, string, number]>([
  ['it fills in part', partial('0.4'), idle, CHASED, 2],
  ['it expires without a fill', partial('0'), idle, CHASED, 2],
  ['it is outside the price band once', {}, outsideBandOnce, CHASED, 2],
  [
    'the account has too little margin',
    { settings: { depositUsd: toUsd('100') }, limits: { accountEveryMs: toMs(100) } },
    (stage) => {
      stage.second.onReport = (report, say) => say(flattering(report));
      stage.wait(300);
    },
    GIVEN_UP,
    1,
  ],
  ['the venue is in maintenance', {}, (stage) => relist(stage, { isTrading: false }), GIVEN_UP, 1],
  [
    'the account may only reduce',
    { fault: { kind: 'reject', forMs: toMs(60_000) } },
    idle,
    GIVEN_UP,
    1,
  ],
  [
    'the tick has changed',
    {},
    (stage) => relist(stage, { tickSize: toPrice('1000.7') }),
    UNWOUND,
    3,
  ],
  ['the step has changed', {}, (stage) => relist(stage, { qtyStep: toQty('0.7') }), UNWOUND, 3],
  [
    'the smallest order has grown',
    {},
    (stage) => relist(stage, { notionalUsdMin: toUsd('20000') }),
    UNWOUND,
    3,
  ],
])('%s', (_, options, prepare, path, secondOrderCount) => {
  const stage = PaperStage.running(options);
  prepare(stage);
  stage.propose();
  stage.wait(2_000);
  expect(stage.path.join(' ')).toBe(path);
  expect(stage.second.placed).toHaveLength(secondOrderCount);
  expect(stage.unhedgedMsMax).toBeLessThanOrEqual(60);
  expect(stage.positions()).toEqual(path === CHASED ? ['1', '-1'] : ['0', '0']);
});

test('a remainder that no order can cover counts as covered and goes with the exit', () => {
  const stage = PaperStage.running(partial('0.995'));
  relist(stage, { qtyStep: toQty('0.001') });
  stage.propose();
  stage.wait(2_000);
  expect(stage.positions()).toEqual(['1', '-0.995']);
  stage.signalExit();
  stage.wait(1_000);
  expect(stage.path.join(' ')).toBe('IDLE OPENING OPEN CLOSING CLOSED');
  expect(stage.alerts).toEqual([]);
  expect(stage.positions()).toEqual(['0', '0']);
});

test('an instrument that is delisted while it is held can still be left', () => {
  const stage = PaperStage.open();
  relist(stage, { isTrading: false });
  stage.signalExit();
  stage.wait(1_000);
  expect(stage.tradeState).toBe('CLOSED');
  expect(stage.positions()).toEqual(['0', '0']);
  expect(stage.unhedgedMsMax).toBe(0);
});

function idle(): void {
  // The fault of the options is all there is.
}

function partial(share: string): PaperOptions {
  return { fault: { kind: 'partial', fillShare: toRate(share) } };
}

function outsideBandOnce(stage: PaperStage): void {
  stage.second.onCall = (kind, go, { clientOrderId }) => {
    if (kind !== 'place' || stage.second.placed.length > 1) return go();
    const code = toRejectCode('venue.price-band');
    return stage.second.say({ type: 'order.rejected', clientOrderId, code, message: 'no' });
  };
}
