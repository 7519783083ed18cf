// What goes where: results on stdout, everything else on stderr, colour only where it is wanted, and help that
// shows how each verb is used.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { recordRun } from './recorded-run.ts';
import type { RecordedRun } from './recorded-run.ts';
import { MAIN, newFolder, run } from './started-program.ts';

const ESCAPE = '\u001B';
const VIRTUAL = '--clock virtual --seed 7 --exit-after 25s'.split(' ');

describe('colour', () => {
  test.concurrent.each([
    ['none when piped', [], {}, false],
    ['with FORCE_COLOR', [], { FORCE_COLOR: '1' }, true],
    ['not with FORCE_COLOR=0', [], { FORCE_COLOR: '0' }, false],
    ['NO_COLOR beats FORCE_COLOR', [], { NO_COLOR: '1', FORCE_COLOR: '1' }, false],
    ['--color beats NO_COLOR', ['--color'], { NO_COLOR: '1' }, true],
    ['--no-color beats FORCE_COLOR', ['--no-color'], { FORCE_COLOR: '1' }, false],
  ])('%s', async (_, words, env, isColoured) => {
    const { code, stdout, stderr } = await run([...VIRTUAL, ...words], {
      folder: newFolder(),
      env,
    });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.includes(ESCAPE)).toBe(isColoured);
    expect(stdout).toMatch(/t1 .*IDLE → OPENING/);
    expect(stdout).toMatch(/\n {2}replay it: {2}node main replay \/.*\n/);
  });

  test('a result in JSON has none, whatever is asked', async () => {
    const words = [...VIRTUAL, '--json', '--color'];
    const { stdout, stderr } = await run(words, { folder: newFolder() });
    expect(stdout).toMatch(/^\{.*\}\n$/);
    expect(stdout).not.toContain(ESCAPE);
    expect(stderr).toContain(ESCAPE);
  });
});

describe('a reader that goes away', () => {
  let recorded: RecordedRun;
  beforeAll(async () => {
    recorded = await recordRun();
  });

  test.each(['trades', 'trade t3', 'config schema'])(
    '`node main %s | head -1` leaves no stack trace',
    async (words) => {
      const child = spawn(
        'bash',
        ['-c', `set -o pipefail; "$0" "${MAIN}" ${words} | head -1`, process.execPath],
        {
          cwd: newFolder(),
          env: {
            ...process.env,
            TRINITY_SLOW: '',
            TRINITY_RUN__DATA_FOLDER: dirname(dirname(recorded.path)),
          },
        },
      );
      let stderr = '';
      let stdout = '';
      child.stderr.on('data', (part: Buffer) => (stderr += part.toString()));
      child.stdout.on('data', (part: Buffer) => (stdout += part.toString()));
      const [code] = await once(child, 'close');
      expect(code).toBe(0);
      expect(stderr).toMatch(/^(reading \S+, the latest run of \S+\n)?$/);
      expect(stdout.split('\n')).toHaveLength(2);
    },
  );
});

describe('help', () => {
  test.concurrent.each([
    [[]],
    [['replay']],
    [['verify']],
    [['trades']],
    [['runs']],
    [['status']],
    [['trade']],
    [['opps']],
    [['logs']],
    [['config', 'show']],
    [['config', 'check']],
    [['config', 'schema']],
    [['sandbox']],
  ])('of %j is on stdout, with an example that begins with the verb', async (verb) => {
    const { code, stdout, stderr } = await run([...verb, '--help'], { folder: newFolder() });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^Usage: node main /);
    expect(stdout).toMatch(new RegExp(`\\nExamples?:\\n {2}${['node main', ...verb].join(' ')}`));
    expect(stdout).not.toContain(ESCAPE);
  });

  test('the version is that of package.json', async () => {
    const { code, stdout } = await run(['--version'], { folder: newFolder() });
    const about = JSON.parse(readFileSync(join(dirname(MAIN), 'package.json'), 'utf8'));
    expect({ code, stdout }).toEqual({ code: 0, stdout: `${about.version}\n` });
  });
});
