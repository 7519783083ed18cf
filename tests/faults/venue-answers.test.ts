// What a venue says of an order gets lost, is late, doubled or wrong. The order is never sent
// again: it is asked about, and what truly filled is counted once.
import { describe, expect, test } from 'vitest';
import type { OrderRequest, VenueReport } from '../../src/domain/index.ts';
import { isZero, plus, times, toDecimal, toFillId, toMs, toQty } from '../../src/domain/index.ts';
import type { PaperOptions } from './paper-stage.ts';
import { PaperStage } from './paper-stage.ts';

/** What must hold whatever was said. */
function expectWhole(stage: PaperStage): void {
  const ids = [...stage.first.placed, ...stage.second.placed].map((order) => order.clientOrderId);
  expect(new Set(ids).size).toBe(ids.length);
  const legs = Object.values(stage.kernel.trade('t1')?.legs ?? {});
  expect(legs.map(({ positionQty }) => positionQty)).toEqual(stage.positions());
  const [long = '', short = ''] = stage.positions();
  expect(isZero(plus(toQty(long), toQty(short)))).toBe(true);
  expect(stage.failures).toEqual([]);
}

interface Outcome {
  readonly path: string;
  readonly orderCount: number;
  readonly unhedgedMsMax: number;
}

const outcomeOf = (stage: PaperStage): Outcome => ({
  path: stage.path.join(' '),
  orderCount: stage.first.placed.length + stage.second.placed.length,
  unhedgedMsMax: stage.unhedgedMsMax,
});

/** A trade is opened and left, whatever comes between. */
function expectLife(stage: PaperStage, expected: Outcome): void {
  stage.propose();
  stage.wait(4_000);
  stage.signalExit();
  stage.wait(2_000);
  expect(outcomeOf(stage)).toEqual(expected);
  expectWhole(stage);
}

const OPENED = 'IDLE OPENING OPEN CLOSING CLOSED';
const FOUND = 'IDLE OPENING PARTIAL OPEN CLOSING CLOSED';
const GIVEN_UP = 'IDLE OPENING PARTIAL PANIC CLOSED';
const whole = { orderCount: 4, unhedgedMsMax: 0 };

describe('the second entry order', () => {
  test.each<[string, PaperOptions, Outcome]>([
    ['is filled and the answer is lost: found by asking', fault('ack-lost'), out(FOUND)],
    [
      'is filled, the answer is lost and the venue forgets ids: found among its executions',
      { ...fault('ack-lost'), settings: { forgetsClosedOrders: true } },
      out(FOUND),
    ],
    [
      'never arrives: proven absent after the window, the other leg is home before that',
      fault('order-lost'),
      { path: GIVEN_UP, orderCount: 3, unhedgedMsMax: 420 },
    ],
    ['is filled before it is accepted', fault('report-reordered'), out(OPENED)],
    ['has its fills told twice', fault('fill-duplicated'), out(OPENED)],
    [
      'ends before its fills are told',
      { fault: { kind: 'fill-late', delayMs: toMs(250) } },
      out(FOUND),
    ],
  ])('%s', (_, options, expected) => {
    const stage = PaperStage.running(options);
    expectLife(stage, expected);
  });

  test('is denied by the venue for 1.9 s though it filled: not absent, brought home when found', () => {
    const stage = PaperStage.running(fault('ack-lost'));
    const sinceAtMs = stage.clock.nowMs();
    stage.second.onReport = (report, say) => {
      const isEarly = stage.clock.nowMs() - sinceAtMs < 1_900;
      say(isEarly ? denied(report) : report);
    };
    stage.propose();
    stage.wait(4_000);
    expect(outcomeOf(stage)).toMatchObject({ path: GIVEN_UP, orderCount: 4 });
    expect(stage.unhedgedMsMax).toBeLessThan(1_900);
    expectWhole(stage);
  });

  test('is found open, and its end is waited for', () => {
    const stage = PaperStage.running(fault('ack-lost'));
    let answerCount = 0;
    stage.second.onReport = (report, say) => {
      if (report.type === 'order.answered') answerCount += 1;
      const isFirst = report.type === 'order.answered' && answerCount === 1;
      say(isFirst ? { ...report, evidence: { kind: 'open', fills: [] } } : report);
    };
    stage.propose();
    stage.wait(390);
    expect(stage.tradeState).toBe('PARTIAL');
    stage.wait(3_000);
    expect(answerCount).toBeGreaterThan(1);
    expectWhole(stage);
  });

  test('is filled in two parts that are equal but for their ids: both count', () => {
    const stage = PaperStage.running();
    stage.second.onReport = (report, say) => {
      if (report.type !== 'order.filled') return say(report);
      const qty = times(report.fill.qty, toDecimal('0.5'));
      for (const part of ['x', 'y']) {
        const fillId = toFillId(`${report.fill.fillId}-${part}`);
        say({ type: 'order.filled', fill: { ...report.fill, fillId, qty } });
      }
    };
    stage.propose();
    stage.wait(500);
    expect(stage.tradeState).toBe('OPEN');
    expectWhole(stage);
  });
});

describe.each([
  ['did reach the venue', true, out(FOUND)],
  ['did not', false, { path: GIVEN_UP, orderCount: 3, unhedgedMsMax: 420 }],
])('a placement that fails with a server error and %s', (_, isPassed, expected) => {
  test('is unknown until there is evidence', () => {
    const stage = PaperStage.running();
    stage.second.onCall = (kind, go, { clientOrderId }) => {
      const isFirst = kind === 'place' && stage.second.placed.length === 1;
      if (!isFirst || isPassed) go();
      if (isFirst) stage.second.say({ type: 'order.unknown', clientOrderId, cause: 'status 503' });
    };
    expectLife(stage, expected);
  });
});

describe('a venue that hears us', () => {
  test('and is not heard itself: asked, not sent to again, and settled once it is heard', () => {
    const stage = PaperStage.running();
    stage.second.onReport = () => undefined;
    stage.propose();
    stage.wait(5_000);
    expect(stage.second.placed).toHaveLength(1);
    expect(stage.tradeState).toBe('PANIC');
    expect(stage.alerts).toContain('STRANDED_LEG');
    stage.second.onReport = (report, say) => say(report);
    stage.wait(1_000);
    expect(stage.path.at(-1)).toBe('CLOSED');
    expect(stage.positions()).toEqual(['0', '0']);
    expectWhole(stage);
  });

  test('and answers 30 s late while its fills come in time: the fills decide', () => {
    const stage = PaperStage.running({ limits: { lateFillMs: toMs(60_000) } });
    const isAnswer = (report: VenueReport) => /^order\.(accepted|ended|answered)/.test(report.type);
    stage.second.onReport = (report, say) => {
      if (!isAnswer(report)) return say(report);
      const laterAtMs = toMs(stage.clock.nowMs() + 30_000);
      stage.clock.schedule(laterAtMs, () => say(report));
    };
    stage.propose();
    stage.wait(100);
    expect(stage.tradeState).toBe('OPEN');
    stage.rest(31_000);
    stage.signalExit();
    stage.rest(31_000);
    expect(outcomeOf(stage)).toEqual({ path: OPENED, ...whole });
    expectWhole(stage);
  });
});

describe('an order that was lost on its way arrives after its trade is over', () => {
  const arrivesAfter = (ms: number): PaperStage => {
    let lost: OrderRequest | undefined;
    const stage = PaperStage.running();
    stage.second.onCall = (kind, go) => {
      if (kind === 'place' && lost === undefined) lost = stage.second.placed[0];
      else go();
    };
    stage.propose();
    stage.rest(ms);
    expect(stage.path.join(' ')).toBe(GIVEN_UP);
    if (lost !== undefined) stage.second.placeByHand(lost);
    return stage;
  };

  test('while late fills are heard: the trade opens again and goes home', () => {
    const stage = arrivesAfter(10_000);
    stage.wait(1_000);
    expect(stage.path.join(' ')).toBe(`${GIVEN_UP} PANIC CLOSED`);
    expect(stage.positions()).toEqual(['0', '0']);
    expectWhole(stage);
  });

  test('long after: a trade of its own takes it home within half a second', () => {
    const stage = arrivesAfter(45_000);
    stage.wait(1_000);
    expect(stage.positions()).toEqual(['0', '0']);
    expect(stage.unhedgedMsMax).toBeLessThanOrEqual(20);
    expect(stage.tradeState).toBe('CLOSED');
    expect(stage.placedWithoutReduceOnly()).toHaveLength(2);
  });
});

function fault(kind: 'ack-lost' | 'order-lost' | 'report-reordered' | 'fill-duplicated') {
  return { fault: { kind } };
}

function out(path: string): Outcome {
  return { path, ...whole };
}

const denied = (report: VenueReport): VenueReport =>
  report.type === 'order.answered' ? { ...report, evidence: { kind: 'absent' } } : report;
