// The small programs that .ci/run believes: one counts, one holds a run to its promises. Both must
// be able to say no.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { projectDir } from './source-tree.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'trinity-judges-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function run(script: string, ...words: readonly string[]) {
  const path = join(projectDir, 'scripts', script);
  const { status, stdout, stderr } = spawnSync(process.execPath, [path, ...words]);
  return { status, stdout: stdout.toString(), stderr: stderr.toString() };
}

function file(name: string, content: unknown): string {
  const path = join(folder, name);
  writeFileSync(path, `{"progress":1}\n${JSON.stringify(content)}\n`);
  return path;
}

describe('the closing line', () => {
  const report = (change: object): string => {
    const path = join(folder, 'vitest.json');
    const counts = { numPassedTests: 5, numFailedTests: 0, numPendingTests: 0, testResults: [] };
    writeFileSync(path, JSON.stringify({ ...counts, ...change }));
    return path;
  };
  const brokenFile = { status: 'failed', assertionResults: [] };

  test.each([
    ['all passed', {}, '0', '7 passed, 0 failed\n', 0],
    ['some skipped', { numPendingTests: 3 }, '0', '7 passed, 0 failed, 3 skipped\n', 0],
    ['a test failed', { numFailedTests: 1 }, '0', '7 passed, 1 failed\n', 1],
    ['a file did not load', { testResults: [brokenFile] }, '0', '7 passed, 1 failed\n', 1],
    ['a step failed', {}, '1', '7 passed, 1 failed\n', 1],
  ])('when %s', (_, change, stepsFailed, line, status) => {
    const result = run('test-summary.js', report(change), '2', stepsFailed);
    expect(result).toEqual({ status, stdout: line, stderr: '' });
  });

  test('when there is no report at all', () => {
    const result = run('test-summary.js', join(folder, 'gone.json'), '0', '0');
    expect(result).toEqual({ status: 1, stdout: '0 passed, 1 failed\n', stderr: '' });
  });
});

describe('a run is held to its promises', () => {
  const good = {
    trades: { closed: 2, panicked: 1 },
    fundingPayments: 1,
    maxOrphanMs: 12,
    transitions: 90,
    inputs: 40,
    headHash: 'a'.repeat(64),
  };

  test('a good one passes', () => {
    expect(run('check-run.js', file('run.json', good)).status).toBe(0);
  });

  test('one without a funding payment does not', () => {
    const result = run('check-run.js', file('run.json', { ...good, fundingPayments: 0 }));
    expect(result.status).toBe(1);
    expect(result.stderr).toContain('not so: a funding payment arrived');
  });

  test('a replay with the same history passes, another hash does not', () => {
    const { headHash, inputs, transitions } = good;
    const path = file('run.json', good);
    const same = file('same.json', { identical: true, headHash, inputs, transitions });
    const other = file('other.json', { identical: true, headHash: 'b', inputs, transitions });
    expect(run('check-run.js', path, same).status).toBe(0);
    expect(run('check-run.js', path, other).stderr).toContain('not so: with the same hash');
  });
});
