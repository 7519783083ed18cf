// The steady picture of a running engine as plain text: what it is doing, how long a wait of it
// still lasts, and which venues take no orders.
import { describe, expect, test } from 'vitest';
import { toMs } from '../../src/domain/index.ts';
import type { Ms, VenueId } from '../../src/domain/index.ts';
import { Market } from '../../src/market/market.ts';
import { livePanel } from '../../src/operator/live-panel.ts';
import { RunHistory } from '../../src/operator/run-history.ts';
import { account, BYBIT, OKX, START_AT_MS } from '../machines/carry-plan.ts';
import { Story } from '../machines/story.ts';

/** An engine whose first restart is one too many. */
function cooling(): Story {
  const story = Story.running();
  story.restart(500, { restartCountMax: 1, restartHoldMs: toMs(30_000) });
  for (const venueId of [OKX, BYBIT]) {
    story.tell({ type: 'activity.reported', venueId });
    story.tell(account(venueId));
  }
  return story;
}

/** The lines of the panel after so many milliseconds in which nothing is recorded. */
function panelOf(story: Story, afterMs = 0, lostLines = new Map<VenueId, Ms>()): readonly string[] {
  const history = new RunHistory();
  for (const record of story.records) history.add(record);
  const [startedAtMs, atMs] = [START_AT_MS, toMs(story.atMs + afterMs)];
  const market = new Market();
  const panel = livePanel({ history, market, version: '1', startedAtMs, atMs, lostLines });
  return panel.map((line) => line.map(([text]) => text).join(''));
}

describe('the head of the panel', () => {
  test('counts down how long a crash loop is still held', () => {
    const story = cooling();
    expect(story.kernel.engineState).toBe('cooling');
    expect(panelOf(story)[0]).toMatch(/ {2}cooling \(opens again in 00:30\)$/);
    expect(panelOf(story, 20_500)[0]).toMatch(/ {2}cooling \(opens again in 00:10\)$/);
    expect(panelOf(story, 31_000)[0]).toMatch(/ {2}cooling \(opens again in 00:00\)$/);
    story.wait(30_000);
    expect(panelOf(story)[0]).toMatch(/ {2}running$/);
  });

  test('counts down the grace of a stop', () => {
    const story = Story.open({ shutdownGraceMs: toMs(15_000) });
    story.tell({ type: 'operator.stop', reason: 'test' });
    expect(panelOf(story, 5_000)[0]).toMatch(/ {2}stopping \(flattens in 00:10\)$/);
    story.wait(15_000);
    expect(panelOf(story, 1)[0]).toMatch(/ {2}stopping \(gives up in 00:15\)$/);
  });
});

test('a venue that takes no orders stays in view', () => {
  const story = Story.running();
  const lost = new Map([[OKX, toMs(START_AT_MS + 12_000)]]);
  expect(panelOf(story).join('\n')).not.toContain('no orders');
  expect(panelOf(story, 0, lost)).toContain('no orders  ○ okx since 00:12   ');
});

test('the table and the head fit a terminal of 80 columns', () => {
  const story = Story.open();
  story.tell({ type: 'operator.stop', reason: 'test' });
  for (const line of panelOf(story, 3_599_000).slice(0, -1)) {
    expect(line.length).toBeLessThanOrEqual(80);
    expect(line).toBe(line.trimEnd());
  }
});
