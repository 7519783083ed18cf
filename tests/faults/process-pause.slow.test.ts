// The real program stopped for half a minute while it holds a trade, as a machine does that is
// moved or suspended: connections and deadlines are over when it goes on.
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { lastJson, newFolder, start } from '../cli/started-program.ts';

const WORDS = '--feed sandbox --seed 7 --exit-after 60s --json'.split(' ');

test('stopped for 30 s with a trade open, it reconnects, trades on and comes home', async () => {
  const engine = start(WORDS, { folder: newFolder() });
  await engine.says(/ → OPEN\n/);
  engine.signal('SIGSTOP');
  await pause(30_000);
  engine.signal('SIGCONT');
  const [said] = await engine.says(/the process stood still for 3\d{4} ms/);
  const ended = await engine.ended;
  expect(ended.code).toBe(0);
  expect(lastJson(ended)).toMatchObject({ trades: { open: 0, exposed: 0 } });
  const after = ended.stderr.slice(ended.stderr.indexOf(said));
  expect(after).toMatch(/→ CLOSED/);
}, 120_000);
