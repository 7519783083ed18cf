// `node main logs` on a real log: readable lines, JSON as it stands, and clear refusals.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createLog } from '../../src/operator/log.ts';

const folder = mkdtempSync(join(tmpdir(), 'trinity-logs-'));
const run = (args: readonly string[], logs = folder, env: NodeJS.ProcessEnv = {}) =>
  spawnSync(process.execPath, [resolve('main.js'), 'logs', ...args], {
    encoding: 'utf8',
    env: { ...process.env, TRINITY_LOG__FOLDER: logs, NO_COLOR: '1', ...env },
  });

beforeAll(() => {
  const log = createLog({ level: 'info', folder });
  log.warn('feed.trouble');
  for (const tradeId of ['t1', 't2', 't3']) log.info('trade.opened', { tradeId });
  log.close();
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('node main logs', () => {
  test('shows the last lines readable', () => {
    const { stdout, status } = run(['--lines', '2']);
    expect(status).toBe(0);
    expect(stdout.trimEnd().split('\n')).toEqual([
      expect.stringMatching(/^[\d-]+ [\d:.]+ {2}info {3}trade\.opened {6}tradeId=t2$/),
      expect.stringMatching(/ trade\.opened {6}tradeId=t3$/),
    ]);
  });

  test('colours what went wrong where colours are wanted', () => {
    const { stdout } = run(['--lines', '5'], folder, { FORCE_COLOR: '1', NO_COLOR: '' });
    expect(stdout).toMatch(/\u001B\[33mwarn \u001B\[39m {2}feed\.trouble/);
  });

  test('shows them as JSON on demand', () => {
    const { stdout } = run(['--lines', '1', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({ event: 'trade.opened', tradeId: 't3' });
  });

  test('says where it looked when there is no log, and what a count is', () => {
    const nowhere = run([], join(folder, 'nowhere'));
    expect([nowhere.status, nowhere.stderr]).toEqual([2, expect.stringContaining('nowhere')]);
    const wrong = run(['--lines', 'many']);
    expect([wrong.status, wrong.stderr]).toEqual([2, expect.stringContaining('"many"')]);
  });
});
