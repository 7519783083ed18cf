// A paper run whose PostgreSQL hangs for a minute, is killed and comes back, and at the same time,
// on the same machine, the same run without a database: its orders leave as fast, no leg stands
// alone for longer than is allowed, and afterwards the tables are those of a fresh rebuild. The
// figures are printed.
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { readJournal, readRunAbout } from '../../src/journal/index.ts';
import { lastJson, newFolder, run, start } from '../cli/started-program.ts';
import type { Ended } from '../cli/started-program.ts';
import { hasBinaries, ownServer } from './own-server.ts';
import { dumpOf } from './typed-db.ts';

const WORDS = '--paper --feed sandbox --seed 7 --exit-after 110s --json'.split(' ');
const OUTAGE_MS = 60_000;

/** From the step that decided an order until the venue's first word on it, sorted. */
function answerTimesMs(runPath: string): readonly number[] {
  const { runId } = readRunAbout(runPath);
  const sentAtMs = new Map<string, number>();
  const timesMs: number[] = [];
  for (const { record } of readJournal({ runId, path: runPath })) {
    const { input, effects, atMs } = record;
    if (input.type === 'order.accepted' || input.type === 'order.rejected') {
      const at = sentAtMs.get(input.clientOrderId);
      if (at !== undefined) timesMs.push(atMs - at);
      sentAtMs.delete(input.clientOrderId);
    }
    for (const effect of effects) {
      if (effect.type === 'order.place') sentAtMs.set(effect.order.clientOrderId, atMs);
    }
  }
  return timesMs.sort((left, right) => left - right);
}

function figures(name: string, ended: Ended): string {
  const { maxOrphanMs, maxUnhedgedMs, trades, runDir } = lastJson(ended);
  const stalls = [...ended.stderr.matchAll(/stood still for (\d+) ms/g)].map(([, ms]) => ms);
  const timesMs = answerTimesMs(String(runDir));
  const median = timesMs[Math.floor(timesMs.length / 2)];
  return (
    `${name}: ${timesMs.length} orders answered after ${median} ms (median), ` +
    `${timesMs.at(-1)} ms (worst); alone ${maxOrphanMs} ms, unhedged ${maxUnhedgedMs} ms, ` +
    `${trades.started} trades, stalls of the machine: ${stalls.join(', ') || 'none'}\n`
  );
}

describe.skipIf(!hasBinaries)('a database that is away for a minute', () => {
  const folder = newFolder();
  const data = join(folder, 'data');
  let without: Ended;
  let beside: Ended;
  let live: Awaited<ReturnType<typeof dumpOf>>;
  let rebuilt: Awaited<ReturnType<typeof dumpOf>>;

  beforeAll(async () => {
    const server = await ownServer();
    const alone = run(WORDS, { folder: newFolder() });
    const env = { DATABASE_URL: server.url, TRINITY_STORAGE__IS_ENABLED: 'true' };
    const engine = start(WORDS, { folder, env });
    await engine.says(/t1 .*IDLE → OPENING/);
    server.freeze();
    await pause(OUTAGE_MS);
    await server.kill();
    await server.start();
    await engine.says(/is back and holds everything/);
    [without, beside] = await Promise.all([alone, engine.ended]);
    live = await dumpOf(data, server.url);
    const again = await run(['db', 'rebuild', '--data', data], { folder, env });
    expect(again.code, again.stderr).toBe(0);
    rebuilt = await dumpOf(data, server.url);
    process.stdout.write(figures('without a database', without) + figures('beside it', beside));
  }, 300_000);

  test('delays no trade', () => {
    for (const ended of [without, beside]) {
      expect(ended.code, ended.stderr).toBe(0);
      expect(lastJson(ended)).toMatchObject({ trades: { open: 0, exposed: 0 } });
      expect(lastJson(ended).maxOrphanMs).toBeLessThan(500);
      expect(ended.stderr).not.toContain('ORPHAN_LEG');
    }
  });

  test('leaves no row out and none twice', () => {
    expect(live).toEqual(rebuilt);
    expect(live['transitions']).toHaveLength(lastJson(beside).transitions);
  });
});
