// What an engine says of itself: at once what the kernel knows, and what counts from the first
// record on when that has been read.
import { describe, expect, test } from 'vitest';
import { engineStatus } from '../../src/cli/engine-status.ts';
import { statusText } from '../../src/cli/verbs/status-text.ts';
import { statusSchema } from '../../src/control/index.ts';
import { toMs } from '../../src/domain/index.ts';
import { Market } from '../../src/market/market.ts';
import { RunHistory } from '../../src/operator/run-history.ts';
import type { LeaseStanding } from '../../src/ports/index.ts';
import { Story } from '../machines/story.ts';

function statusOf(story: Story, readCount: number, standing?: LeaseStanding) {
  const history = new RunHistory();
  for (const record of story.records.slice(0, readCount)) history.add(record);
  const { kernel } = story;
  const times = { startedAtMs: toMs(0), atMs: toMs(kernel.head.atMs + 61_000) };
  const lease = standing && ({ standing: () => standing } as never);
  const about = { runId: 'r1', feed: 'sandbox', seed: 7, market: new Market() };
  return engineStatus({ ...about, ...times, kernel, history, lease });
}

describe('an engine', () => {
  test('says since when it is in its state, and why', () => {
    const story = Story.open();
    story.tell({ type: 'operator.halt', reason: 'news' });
    const status = statusOf(story, story.records.length);
    expect(status).toMatchObject({ state: 'halted', reason: 'news', trades: { open: 1 } });
    expect(status.stateAtMs).toBe(story.kernel.head.atMs);
    expect(statusText(status)).toMatch(/^state {4}halted \(opens nothing new\) for 01:01: news\n/);
    expect(statusSchema.parse(JSON.parse(JSON.stringify(status)))).toEqual(status);
  });

  test('that was resumed knows what it holds before it has read what it did', () => {
    const story = Story.open();
    const status = statusOf(story, 1);
    const { legs = [] } = status.openTrades[0] ?? {};
    expect(status).toMatchObject({ state: 'running', stateAtMs: null, trades: null });
    expect([status.openTrades.map(({ state }) => state), legs.length]).toEqual([['OPEN'], 2]);
    expect(statusText(status)).toContain(
      '\nresult   what the run did before is still being read\n',
    );
  });

  test.each<[LeaseStanding | undefined, string]>([
    [undefined, 'none needed'],
    [{ kind: 'held' }, 'held: '],
    [{ kind: 'unreachable', cause: 'x' }, 'unreachable: '],
  ])('with the lease %j says so', (standing, words) => {
    const story = Story.running();
    expect(statusText(statusOf(story, story.records.length, standing))).toContain(
      `\nlease    ${words}`,
    );
  });
});
