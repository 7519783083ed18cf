// The real program without a file handle left: its lines to the venues break and cannot be made
// anew, until handles are there again. It opens nothing meanwhile, says why, and comes home.
import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { lastJson, newFolder, start } from '../cli/started-program.ts';

const WORDS = '--feed sandbox --seed 7 --exit-after 50s --json'.split(' ');
const hasLimits = spawnSync('prlimit', ['--version']).status === 0;

const limitFiles = (pid: number, count: number): void => {
  execFileSync('prlimit', ['--pid', String(pid), `--nofile=${count}:`]);
};

test.skipIf(!hasLimits)(
  'with no file handle left it says so, opens nothing, and connects when there are some again',
  async () => {
    const folder = newFolder();
    const engine = start(WORDS, { folder });
    const sandboxPid = Number((await engine.says(/SANDBOX \(pid (\d+)\)/))[1]);
    await engine.says(/ → OPEN\n/);
    // Silence ends the lines; the handles that they leave are taken away with them.
    process.kill(sandboxPid, 'SIGSTOP');
    limitFiles(engine.pid, 3);
    await pause(9_000);
    process.kill(sandboxPid, 'SIGCONT');
    await pause(2_000);
    expect(readdirSync(`/proc/${engine.pid}/fd`).length).toBeGreaterThan(3);
    limitFiles(engine.pid, 1_024);
    const ended = await engine.ended;
    expect(ended.code).toBe(0);
    expect(lastJson(ended)).toMatchObject({ trades: { open: 0, exposed: 0 } });
    const log = readFileSync(join(folder, 'logs', 'engine.log'), 'utf8');
    expect(log).toMatch(/"cause":"[^"]*EMFILE[^"]*","event":"feed.trouble"/);
    expect(log.lastIndexOf('stream.synced')).toBeGreaterThan(log.lastIndexOf('EMFILE'));
  },
  120_000,
);
