// Nobody reads any more: the terminal is gone or the pipe was closed. Open trades are brought home all
// the same, and the journal is whole.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { MAIN, newFolder, run, start } from './started-program.ts';

test('a closed terminal brings open trades home', async () => {
  const folder = newFolder();
  const engine = start(['--paper', '--seed', '7', '--data', join(folder, 'data')], { folder });
  await engine.says(/→ OPEN$/m);
  engine.signal('SIGHUP');
  const { code, stdout } = await engine.ended;
  expect(code).toBe(0);
  expect(stdout).toMatch(/ended +SIGHUP/);
  expect(stdout).toMatch(/0 still open/);
}, 60_000);

test('a closed pipe brings open trades home', async () => {
  const folder = newFolder();
  const data = join(folder, 'data');
  const child = spawn(process.execPath, [MAIN, '--paper', '--seed', '7', '--data', data], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let seen = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    seen += text;
    if (/→ OPEN$/m.test(seen)) child.stdout.destroy();
  });
  const [code] = await once(child, 'exit');
  expect(code).toBe(0);
  const trades = await run(['trades', '--data', data, '--json'], { folder });
  expect(trades.stdout).toMatch(/"state":"CLOSED"/);
  expect(trades.stdout).not.toMatch(/"state":"(?!CLOSED)/);
}, 60_000);

test('virtual time and live prices exclude each other', async () => {
  const words = ['--clock', 'virtual', '--feed', 'live', '--exit-after', '60s'];
  const { code, stderr } = await run(words, { folder: newFolder() });
  expect([code, stderr]).toEqual([2, expect.stringContaining('virtual time has no live prices')]);
});
