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
function start(...words: readonly string[]): Promise<Finished> {
  const env = { ...process.env, npm_config_cache: join(folder, 'cache'), NO_COLOR: '1' };
  const child = spawn(process.execPath, [join(clone, 'main'), ...words], { cwd: folder, env });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, stdout, stderr })));
}

test('two first starts at once install once and both go on', async () => {
  const both = await Promise.all([start('--help'), start('--help')]);
  for (const { code, stdout } of both) {
    expect(code).toBe(0);
    expect(stdout).toContain('--paper');
    expect(stdout).not.toContain('install');
  }
  const said = both.map(({ stderr }) => stderr).join('');
  expect(said.match(/installed in \d+\.\d s/g)).toHaveLength(1);
  expect(said).toContain('is installing packages, waiting for it');
});

test('the next start installs nothing and runs the engine', async () => {
  const run = ['--paper', '--feed', 'sandbox', '--seed', '7', '--exit-after', '5s', '--json'];
  const { code, stdout, stderr } = await start(...run);
  expect(stderr).not.toContain('install');
  expect(code).toBe(0);
  expect(JSON.parse(stdout.trim().split('\n').at(-1) ?? '')).toHaveProperty('headHash');
});
