// A fresh clone with an empty npm cache: the first start installs, two at once install once, and
// the engine then runs. Takes a minute and the package registry, so it runs only with
// TRINITY_SLOW=1.
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';

interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const projectDir = fileURLToPath(new URL('../../', import.meta.url));
let folder = '';
let clone = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'trinity-first-start-'));
  clone = join(folder, 'clone');
  execFileSync('git', ['clone', '--quiet', projectDir, clone]);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs `node <clone>/main …` from another working directory, as a user may. */
const start = (...words: readonly string[]): Promise<Finished> =>
  run(['main', ...words], { npm_config_cache: join(folder, 'cache') });

function run(
  [script = '', ...words]: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<Finished> {
  const child = spawn(process.execPath, [join(clone, script), ...words], {
    cwd: folder,
    env: { ...process.env, NO_COLOR: '1', ...env },
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, stdout, stderr })));
}

test('a registry that does not answer ends the first start with cause, way out and code 1', async () => {
  const { code, stdout, stderr } = await run(['main', '--help'], {
    npm_config_cache: join(folder, 'empty-cache'),
    npm_config_registry: 'http://127.0.0.1:9/',
    npm_config_fetch_retries: '0',
  });
  expect(code).toBe(1);
  expect(stdout).toBe('');
  expect(stderr).toContain('ECONNREFUSED');
  expect(stderr).toMatch(/trinity: install failed after .*The package registry did not answer/);
});

test('two first starts at once install once and both go on', async () => {
  const both = await Promise.all([start('--help'), start('--help')]);
  for (const { code, stdout } of both) {
    expect(code).toBe(0);
    expect(stdout).toContain('--paper');
    expect(stdout).not.toContain('installing packages');
  }
  const said = both.map(({ stderr }) => stderr).join('');
  expect(said.match(/installed in \d+\.\d s/g)).toHaveLength(1);
  expect(said).toContain('is installing packages, waiting for it');
});

test('the next start installs nothing and runs the engine', async () => {
  const run = ['--paper', '--feed', 'sandbox', '--seed', '7', '--exit-after', '5s', '--json'];
  const { code, stdout, stderr } = await start(...run);
  expect(stderr).not.toContain('installing');
  expect(code).toBe(0);
  expect(JSON.parse(stdout.trim().split('\n').at(-1) ?? '')).toHaveProperty('headHash');
});
