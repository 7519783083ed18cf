// A running engine and what can be asked of it from another terminal: commands of the operator, its
// database, which dies meanwhile, and rows of its journal. Afterwards every row is there.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { hasBinaries, ownServer } from '../storage/own-server.ts';
import { dumpOf } from '../storage/typed-db.ts';
import { isAlive, lastJson, newFolder, run, start } from './started-program.ts';
import type { Ended } from './started-program.ts';

const folder = newFolder();
const data = join(folder, 'data');

describe.skipIf(!hasBinaries)('a running engine', () => {
  const asked: Record<string, Ended> = {};
  let pid = 0;
  let ended: Ended;
  let live: Awaited<ReturnType<typeof dumpOf>>;
  let rebuilt: Awaited<ReturnType<typeof dumpOf>>;

  const ask = async (name: string, words: string): Promise<Ended> => {
    const said = await run([...words.split(' '), '--data', data], { folder });
    asked[name] = said;
    return said;
  };

  beforeAll(async () => {
    const server = await ownServer();
    const env = { DATABASE_URL: server.url, TRINITY_STORAGE__IS_ENABLED: 'true' };
    const words = '--paper --feed sandbox --seed 7 --exit-after 120s --json'.split(' ');
    const engine = start(words, { folder, env });
    pid = engine.pid;
    await engine.says(/t\d+ .*→ OPEN$/m);
    await ask('status', 'db status --json');
    await server.kill();
    await ask('halt', 'halt --reason looking --json');
    await ask('again', 'halt');
    await ask('export', 'export transitions');
    await engine.says(/the run goes on/);
    await ask('down', 'db status');
    await ask('resume', 'resume --json');
    await server.start();
    await engine.says(/is back and holds everything/);
    await ask('rebuild', 'db rebuild --json');
    await ask('stop', 'stop --json');
    ended = await engine.ended;
    await ask('late', 'resume');
    live = await dumpOf(data, server.url);
    const again = await run(['db', 'rebuild', '--data', data], { folder, env });
    expect(again.code, again.stderr).toBe(0);
    rebuilt = await dumpOf(data, server.url);
  }, 120_000);

  test('does what an operator commands, and says how it stands', () => {
    const standing = (name: string) => lastJson(asked[name] ?? ended);
    expect(standing('halt')).toMatchObject({ pid, state: 'halted', seq: expect.any(Number) });
    const { runId } = standing('halt');
    const again = asked['again']?.stdout ?? '';
    expect(again).toContain(`${runId} (pid ${pid}) is halted (opens nothing new) after record `);
    expect(standing('resume')).toMatchObject({ pid, state: 'reconciling' });
    expect(standing('stop').state).toMatch(/^(draining|stopped)/);
    expect([asked['halt']?.code, asked['resume']?.code, asked['stop']?.code]).toEqual([0, 0, 0]);
    expect(lastJson(ended)).toMatchObject({ exitReason: 'an operator asked for it' });
    expect(readFileSync(join(folder, 'logs/engine.log'), 'utf8')).toContain('"reason":"looking"');
  });

  test('answers for its database, also when that is down', () => {
    const { runId } = lastJson(asked['halt'] ?? ended);
    expect(lastJson(asked['status'] ?? ended)).toMatchObject({ runs: [{ runId }] });
    expect(asked['down']?.code).toBe(4);
    expect(asked['down']?.stderr).toMatch(new RegExp(`\\(pid ${pid}\\) refused: .*cannot be used`));
    expect(lastJson(asked['rebuild'] ?? ended)).toMatchObject({ runs: [{ runId }] });
    expect(asked['rebuild']?.stderr).toMatch(/: all \d+ records\n/);
  });

  test('exports what it has decided by now', () => {
    const { seq } = lastJson(asked['halt'] ?? ended);
    const rows = (asked['export']?.stdout ?? '').trimEnd().split('\n');
    const last: unknown = JSON.parse(rows.at(-1) ?? '');
    expect(asked['export']).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(/^reading .*\n$/),
    });
    expect(rows.some((row) => row.startsWith(`{"seq":${seq},`))).toBe(true);
    expect(last).toHaveProperty('actor');
  });

  test('trades as if there were no database, and no row is missing or doubled', () => {
    expect(lastJson(ended)).toMatchObject({ trades: { open: 0, exposed: 0 } });
    expect(lastJson(ended).maxOrphanMs).toBeLessThan(500);
    expect(live).toEqual(rebuilt);
    expect(live['transitions']).toHaveLength(lastJson(ended).transitions);
    const log = readFileSync(join(folder, 'logs/engine.log'), 'utf8');
    expect(log).not.toContain('ORPHAN_LEG');
    const told = [...log.matchAll(/"event":"(storage\.[a-z]+)"/g)].map(([, event]) => event);
    expect(told).toEqual(['storage.opened', 'storage.trouble', 'storage.recovered']);
  });

  test('leaves no door behind: a later command finds nobody', () => {
    expect(isAlive(pid)).toBe(false);
    expect(existsSync(join(data, 'engine.door'))).toBe(false);
    expect(asked['late']).toMatchObject({ code: 2, stderr: `no engine runs on ${data}\n` });
  });
});

test('a folder that no engine ever used is no place for commands', async () => {
  const { code, stderr } = await run(['halt', '--data', join(folder, 'nowhere')], { folder });
  expect([code, stderr]).toEqual([2, expect.stringContaining('is no data folder of trinity')]);
});
