// A disk that takes no more, made by a limit on the size of files: the run ends at once with file
// and cause, what was acknowledged is whole, and only the journal may end a run.
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { lastJson, newFolder, run, runsIn, start } from './started-program.ts';

const RUN = '--feed sandbox --seed 7 --exit-after 30s --json --clock'.split(' ');
const LOG_QUIET = { TRINITY_LOG__LEVEL: 'error' };

describe.concurrent('a disk that is full under the journal', () => {
  test.each(['virtual', 'real'])(
    'in %s time ends the run at once with file, cause and code 1; what it holds is whole',
    async (clock) => {
      const folder = newFolder();
      const startedAtMs = performance.now();
      const ended = await run([...RUN, clock], { folder, fileKibMax: 40, env: LOG_QUIET });
      expect(performance.now() - startedAtMs).toBeLessThan(20_000);
      const [runDir = ''] = runsIn(folder);
      const cause = `${runDir}/segment-000001.journal: EFBIG: file too large, write`;
      expect(ended.code).toBe(1);
      expect(ended.stderr).toMatch(new RegExp(`^${cause} \\(exit code 1\\)$`, 'm'));
      expect(ended.stderr).not.toMatch(/^ {4}at /m);
      expect(lastJson(ended)).toMatchObject({ exitReason: cause, runDir });
      const [verified, replayed] = await Promise.all([
        run(['verify', '--json'], { folder }),
        run(['replay', '--json'], { folder }),
      ]);
      expect([verified.code, replayed.code]).toEqual([0, 0]);
      const { records, headHash, torn } = lastJson(verified);
      expect(records).toBeGreaterThan(30);
      expect(Number(torn.offset) + Number(torn.bytes)).toBe(40 * 1024);
      expect(lastJson(replayed)).toMatchObject({
        identical: true,
        inputs: records,
        headHash,
        torn,
      });
    },
    30_000,
  );

  test.each(['virtual', 'real'])(
    'in %s time before the first record names the file that could not be written',
    async (clock) => {
      const folder = newFolder();
      const { code, stdout, stderr } = await run([...RUN, clock], { folder, fileKibMax: 2 });
      expect(code).toBe(1);
      expect(stdout).toBe('');
      expect(stderr).toMatch(/\/run\.json: EFBIG: file too large, write\n$/);
      expect(stderr).not.toMatch(/^ {4}at /m);
    },
    20_000,
  );
});

test('a log that cannot grow costs lines, not the run', async () => {
  const folder = newFolder();
  mkdirSync(join(folder, 'logs'));
  const before = `${'x'.repeat(300 * 1024 - 1)}\n`;
  writeFileSync(join(folder, 'logs', 'engine.log'), before);
  const words = '--clock virtual --seed 7 --exit-after 25s --json'.split(' ');
  const ended = await run(words, { folder, fileKibMax: 300 });
  expect(ended.code).toBe(0);
  expect(readFileSync(join(folder, 'logs', 'engine.log'), 'utf8')).toBe(before);
  expect((await run(['verify'], { folder })).code).toBe(0);
});

test('a snapshot that cannot be written is logged and costs nothing else', async () => {
  const folder = newFolder();
  const engine = start(['--feed', 'sandbox', '--json'], { folder });
  await engine.says(/engine running/);
  const moved = join(folder, 'moved');
  renameSync(runsIn(folder)[0] ?? expect.fail('it has a run'), moved);
  engine.signal('SIGINT');
  const ended = await engine.ended;
  expect(ended.code).toBe(0);
  expect(readFileSync(join(folder, 'logs', 'engine.log'), 'utf8')).toContain('snapshot.failed');
  const verified = lastJson(await run(['verify', moved, '--json'], { folder }));
  expect(verified).toMatchObject({ valid: true, headHash: lastJson(ended).headHash });
}, 20_000);

test('a folder that cannot be made is named without a stack trace', async () => {
  const folder = newFolder();
  writeFileSync(join(folder, 'data'), '');
  const { code, stdout, stderr } = await run(['--clock', 'virtual'], { folder });
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toBe(`${folder}/data: is no folder; name another with --data\n`);
});
