// Where prices come from: venues that do not answer, and venues that do, at addresses that the environment
// names. The venues are the sandbox as a process of its own, so that nothing leaves this machine.
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { beforeAll, describe, expect, test } from 'vitest';
import { readJournal } from '../../src/journal/index.ts';
import { lastJson, newFolder, run, runsIn, start } from './started-program.ts';

const VENUES = ['binanceusdm', 'bybit', 'okx'];

const addresses = (ofVenue: (venue: string) => { readonly rest: string; readonly ws: string }) =>
  Object.fromEntries(
    VENUES.flatMap((venue) => [
      [`TRINITY_VENUES__${venue.toUpperCase()}__REST_URL`, ofVenue(venue).rest],
      [`TRINITY_VENUES__${venue.toUpperCase()}__WS_URL`, ofVenue(venue).ws],
    ]),
  );

let nobody: NodeJS.ProcessEnv = {};
beforeAll(async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  nobody = addresses(() => ({ rest: `http://127.0.0.1:${port}`, ws: `ws://127.0.0.1:${port}` }));
});

describe('where no venue answers', () => {
  test.concurrent(
    '--feed auto says so and runs on the sandbox, marked as such',
    async () => {
      const folder = newFolder();
      const words = '--feed auto --exit-after 3s --json'.split(' ');
      const ended = await run(words, { folder, env: nobody });
      expect(ended.stderr).toMatch(
        /^!! none of binanceusdm, bybit, okx answered within 5 s: this run uses the SANDBOX instead$/m,
      );
      expect(ended.stderr).toMatch(/^SANDBOX \(pid \d+\): a generated market, no real prices/m);
      expect(ended.code).toBe(0);
      const { feed, runDir } = lastJson(ended);
      expect(feed).toBe('sandbox');
      expect(recordsOf(runDir)[0]?.input).toMatchObject({ type: 'run.started', feed: 'sandbox' });
    },
    30_000,
  );

  test.concurrent(
    '--feed live ends with 9 and the way out',
    async () => {
      const folder = newFolder();
      const { code, stdout, stderr } = await run(['--feed', 'live', '--json'], {
        folder,
        env: nobody,
      });
      expect({ code, stdout }).toEqual({ code: 9, stdout: '' });
      expect(stderr).toMatch(
        /\nnone of binanceusdm, bybit, okx answered within 5 s; `--feed sandbox` runs without a network\n$/,
      );
    },
    30_000,
  );
});

test('where venues answer, --feed live reads their streams and knows no sandbox', async () => {
  const venues = start(['sandbox', '--seed', '7', '--json'], { folder: newFolder() });
  const [line] = await venues.says(/^\{.*\}\n/);
  const announced = JSON.parse(line).venues;
  const folder = newFolder();
  const ended = await run('--feed live --exit-after 8s --json'.split(' '), {
    folder,
    env: addresses((venue) => announced[venue]),
  });
  venues.signal('SIGTERM');
  expect(ended.code).toBe(0);
  expect(ended.stderr).toMatch(/^live prices; orders are filled on paper, no key is used$/m);
  expect(ended.stderr).not.toMatch(/sandbox|demo scenario/i);
  const { feed, runDir } = lastJson(ended);
  expect(feed).toBe('live');
  const records = recordsOf(runDir);
  const healthy = records
    .flatMap(({ transitions }) => transitions)
    .filter(({ actor, to }) => actor.startsWith('stream:') && to === 'healthy');
  expect(new Set(healthy.map(({ actor }) => actor)).size).toBe(15);
  expect(Math.abs((records[0]?.atMs ?? 0) - Date.now())).toBeLessThan(60_000);
}, 30_000);

test('a run that a fast clock has dated into the future keeps its time, and the next follows', async () => {
  const venues = start(['sandbox', '--seed', '7', '--json'], { folder: newFolder() });
  const [line] = await venues.says(/^\{.*\}\n/);
  const announced = JSON.parse(line).venues;
  const folder = newFolder();
  const env = addresses((venue) => announced[venue]);
  const fast = 'data:text/javascript,const now=Date.now;Date.now=()=>now()+3600000';
  const first = start(['--feed', 'live'], { folder, env, nodeFlags: ['--import', fast] });
  await first.says(/engine running/);
  first.signal('SIGKILL');
  await first.ended;
  const second = await run('--feed live --exit-after 4s --json'.split(' '), { folder, env });
  expect(second.code).toBe(0);
  expect(second.stderr).toMatch(
    /^!! the clock here is (59:\d\d|01:00:\d\d) behind the last record of this run/m,
  );
  const { runDir, trades } = lastJson(second);
  expect(trades).toMatchObject({ started: 0 });
  const states = recordsOf(runDir).flatMap(({ transitions }) => transitions.map(({ to }) => to));
  expect(states.filter((to) => to.startsWith('skewed'))).not.toEqual([]);
  const third = start(['--feed', 'live'], { folder, env });
  await third.says(/engine running/);
  third.signal('SIGKILL');
  expect((await third.ended).stderr).not.toMatch(/resuming|the clock here is/);
  const [next] = runsIn(folder).filter((path) => path !== runDir);
  const fourth = await run('--feed live --exit-after 1s --json'.split(' '), { folder, env });
  venues.signal('SIGTERM');
  expect(fourth.stderr).toMatch(/^resuming run /m);
  expect(lastJson(fourth).runDir).toBe(next);
  expect(runsIn(folder)).toHaveLength(2);
}, 90_000);

const recordsOf = (path: string) =>
  [...readJournal({ runId: path.split('/').at(-1) ?? '', path })].map(({ record }) => record);
