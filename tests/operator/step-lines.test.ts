// What a person reads of a run while it happens: an alert that is raised again and again is said
// less and less often, with its count, and none is lost to the history.
import { describe, expect, test } from 'vitest';
import { toMs, toPrice, toQty, toRate, toUsd } from '../../src/domain/index.ts';
import type { AlertSeverity, StepRecord } from '../../src/domain/index.ts';
import { AlertPace } from '../../src/operator/alert-pace.ts';
import { RunHistory } from '../../src/operator/run-history.ts';
import { linesOf } from '../../src/operator/step-lines.ts';
import { Story } from '../machines/story.ts';

const START_AT_MS = toMs(1_700_000_000_000);
const template = ((): StepRecord => {
  const record = Story.running().records.at(-1);
  if (record === undefined) throw new Error('a story must have a record');
  return { ...record, transitions: [], effects: [] };
})();

/** A screen that is told of alerts at seconds of its run. */
class Told {
  readonly history = new RunHistory();
  readonly lines: string[] = [];
  readonly #pace = new AlertPace();

  raise(second: number, code: string, key = 't1', severity: AlertSeverity = 'warning'): void {
    const atMs = toMs(START_AT_MS + second * 1_000);
    const effect = { type: 'alert.raise' as const, severity, code, key, text: `${key} waits` };
    const record = { ...template, atMs, effects: [effect] };
    this.history.add(record);
    const { history } = this;
    for (const { text } of linesOf(record, {
      history,
      pace: this.#pace,
      startedAtMs: START_AT_MS,
    })) {
      this.lines.push(`${second} ${text}`);
    }
  }
}

describe('an alert that is raised every second', () => {
  test('is said at once and then after 1, 2, 4 and 8 minutes, with its count', () => {
    const told = new Told();
    for (let second = 12; second <= 1_000; second += 1) told.raise(second, 'EXIT_WAITS');
    expect(told.lines).toEqual([
      '12 warning EXIT_WAITS  t1 waits',
      '72 warning EXIT_WAITS  t1 waits  (×61 since 00:12)',
      '192 warning EXIT_WAITS  t1 waits  (×181 since 00:12)',
      '432 warning EXIT_WAITS  t1 waits  (×421 since 00:12)',
      '912 warning EXIT_WAITS  t1 waits  (×901 since 00:12)',
    ]);
    expect(told.history.alerts).toHaveLength(989);
  });

  test('is said once an hour in the end', () => {
    const told = new Told();
    for (let second = 0; second <= 86_400; second += 10) told.raise(second, 'MARGIN_USAGE', 'okx');
    const seconds = told.lines.map((text) => Number(text.split(' ')[0]));
    expect(seconds.slice(-3)).toEqual([75_780, 79_380, 82_980]);
    expect(seconds).toHaveLength(7 + 22);
  });
});

test('another trade and another alert are news of their own', () => {
  const told = new Told();
  told.raise(1, 'EXIT_WAITS');
  told.raise(2, 'EXIT_WAITS', 't2');
  told.raise(3, 'STRANDED_LEG', 't1', 'critical');
  told.raise(4, 'EXIT_WAITS');
  expect(told.lines).toEqual([
    '1 warning EXIT_WAITS  t1 waits',
    '2 warning EXIT_WAITS  t2 waits',
    '3 critical STRANDED_LEG  t1 waits',
  ]);
});

test('what was quiet for five minutes is news when it comes back', () => {
  const told = new Told();
  for (const second of [0, 30, 60, 361, 362]) told.raise(second, 'ACCOUNT_UNAVAILABLE', 'okx');
  expect(told.lines).toEqual([
    '0 warning ACCOUNT_UNAVAILABLE  okx waits',
    '60 warning ACCOUNT_UNAVAILABLE  okx waits  (×3 since 00:00)',
    '361 warning ACCOUNT_UNAVAILABLE  okx waits',
  ]);
});

test('what went wrong again after good news of it is news', () => {
  const told = new Told();
  told.raise(0, 'LEASE_UNREACHABLE', 'lease');
  told.raise(1, 'LEASE_RECOVERED', 'lease', 'info');
  told.raise(2, 'LEASE_UNREACHABLE', 'lease');
  expect(told.lines.map((text) => text.split(' ')[2])).toEqual([
    'LEASE_UNREACHABLE',
    'LEASE_RECOVERED',
    'LEASE_UNREACHABLE',
  ]);
});

test('a payment that a venue repeats is said once', () => {
  const story = Story.open();
  const { instrumentId, venueId } = story.order('a');
  const payment = {
    ...{ instrumentId, venueId, fundingAtMs: story.atMs },
    ...{ fundingRate: toRate('0.0001'), markPrice: toPrice('100'), amountUsd: toUsd('-0.5') },
    positionQty: toQty('50'),
  };
  story.tell({ type: 'funding.paid', payment }, 10);
  story.tell({ type: 'funding.paid', payment }, 1_000);
  const history = new RunHistory();
  const pace = new AlertPace();
  const lines = story.records.flatMap((record) => {
    history.add(record);
    return linesOf(record, { history, pace, startedAtMs: START_AT_MS });
  });
  const texts = lines.map(({ text }) => text);
  expect(texts.filter((text) => text.includes(' funding at '))).toEqual([
    `t1 funding at ${instrumentId}: −0.50 USD (rate +1.00 bps)`,
  ]);
});
