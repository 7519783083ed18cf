// The sandbox alone, as other programs start it: what it announces, what it serves and how it ends.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { MAIN, newFolder, run, start } from './started-program.ts';

test('it announces its addresses in one line, serves until SIGTERM and exits 0', async () => {
  const sandbox = start(['sandbox', '--seed', '7', '--json'], { folder: newFolder() });
  const [line] = await sandbox.says(/^.*\n/);
  const { venues } = JSON.parse(line);
  expect(Object.keys(venues)).toEqual(['binanceusdm', 'bybit', 'okx']);
  for (const { rest, ws } of Object.values<Record<string, string>>(venues)) {
    expect(rest).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(ws).toBe(rest?.replace('http', 'ws'));
  }
  const reply = await fetch(`${venues.binanceusdm.rest}/fapi/v1/time`);
  const { serverTime } = JSON.parse(await reply.text());
  expect(Math.abs(serverTime - Date.now())).toBeLessThan(5_000);
  sandbox.signal('SIGTERM');
  const { code, stdout, stderr } = await sandbox.ended;
  expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: line, stderr: '' });
});

test('started by an engine it ends on SIGTERM, and when the engine goes away', async () => {
  const ends = ['SIGTERM', 'disconnect'].map(async (end) => {
    const child = spawn(process.execPath, [MAIN, 'sandbox', '--json'], {
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    });
    await once(child.stdout ?? expect.fail('it has an output'), 'data');
    if (end === 'SIGTERM') child.kill('SIGTERM');
    else child.disconnect();
    const late = setTimeout(() => child.kill('SIGKILL'), 10_000);
    const [code] = await once(child, 'exit');
    clearTimeout(late);
    return code;
  });
  expect(await Promise.all(ends)).toEqual([0, 0]);
});

test.each([
  [['--seed', 'seven'], '--seed is a whole number from 0 to 4294967295, found "seven"'],
  [
    ['--start-at', 'noon'],
    '--start-at is settlement, now, an instant like 2026-01-31T12:00:00Z or milliseconds since ' +
      '1970, found "noon"',
  ],
  [['--ledger', 'there'], '--ledger needs --exchange'],
  [['--exchange', '--port', '0'], '--port is a number from 1 to 65535, found "0"'],
  [
    ['--exchange', '--faults', 'ack-lost=2'],
    '--faults is kind=chance of order-lost, reject, partial, ack-lost, answer-late, ' +
      'report-reordered, fill-duplicated, fill-late; found "ack-lost=2"',
  ],
])('%j is refused with what is allowed', async (words, message) => {
  const { code, stdout, stderr } = await run(['sandbox', ...words], { folder: newFolder() });
  expect({ code, stdout, stderr }).toEqual({ code: 2, stdout: '', stderr: `${message}\n` });
});
