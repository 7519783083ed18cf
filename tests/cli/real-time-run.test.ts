// One run of the real program over real sockets, 35 s long, and everything that can be asked of it
// while it goes on and afterwards. The full two minutes are in real-time-run.slow.test.ts.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { isAlive, lastJson, newFolder, run, runsIn, start } from './started-program.ts';
import type { Ended } from './started-program.ts';

const WORDS = '--paper --feed sandbox --seed 7 --exit-after 35s --json'.split(' ');
const HOOK = fileURLToPath(new URL('./dialled-addresses.js', import.meta.url));

const folder = newFolder();
const dialledFile = join(folder, 'dialled.jsonl');
let enginePid = 0;
let sandboxPid = 0;
let ended: Ended;
let second: Ended;
let lookedAt: Ended;
beforeAll(async () => {
  const engine = start(WORDS, {
    folder,
    env: { NODE_OPTIONS: `--import ${HOOK}`, TEST_DIALLED_FILE: dialledFile },
  });
  enginePid = engine.pid;
  sandboxPid = Number((await engine.says(/SANDBOX \(pid (\d+)\)/))[1]);
  await engine.says(/engine running/);
  second = await run(['--clock', 'virtual'], { folder });
  await engine.says(/t\d+ .*→ OPEN$/m);
  lookedAt = await run(['trades', '--json'], { folder });
  ended = await engine.ended;
}, 60_000);

describe('while it runs', () => {
  test('a second engine on its data folder is refused with its number, and it goes on', () => {
    const { code, stdout, stderr } = second;
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    expect(stderr).toBe(
      `${folder}/data/engine.lock: process ${enginePid} on ${hostName()} uses this data folder; ` +
        'stop it first\n',
    );
    expect(runsIn(folder)).toHaveLength(1);
  });

  test('its trades can be read', () => {
    expect(lookedAt.code).toBe(0);
    expect(lastJson(lookedAt).trades[0]).toMatchObject({ tradeId: 't1', panicked: false });
  });
});

const hostName = (): string => readFileSync('/proc/sys/kernel/hostname', 'utf8').trim();

describe('at its end', () => {
  test('it exits 0 and stdout is one line of JSON', () => {
    expect(ended.code).toBe(0);
    expect(ended.stdout).toMatch(/^\{.*\}\n$/);
  });

  test('the result names what happened', () => {
    const result = lastJson(ended);
    expect(result).toMatchObject({
      mode: 'paper',
      feed: 'sandbox',
      seed: 7,
      trades: { missed: 0, open: 0, exposed: 0 },
      headHash: expect.stringMatching(/^[0-9a-f]{64}$/),
      runDir: runsIn(folder)[0],
      exitReason: 'the time of --exit-after is over',
    });
    const { trades, inputs, transitions, maxOrphanMs } = result;
    expect(trades.closed).toBeGreaterThanOrEqual(2);
    expect(trades.panicked).toBeGreaterThanOrEqual(1);
    expect(trades.started).toBe(Number(trades.closed) + Number(trades.panicked));
    expect(inputs).toBeGreaterThan(100);
    expect(transitions).toBeGreaterThan(inputs);
    expect(maxOrphanMs).toBeGreaterThan(0);
    expect(maxOrphanMs).toBeLessThanOrEqual(500);
    for (const amount of Object.values(result.profit)) expect(amount).toMatch(/^-?\d+(\.\d+)?$/);
  });

  test('both mishaps were handled and said so on stderr', () => {
    expect(ended.stderr).toMatch(/t2 .*OPENING → PARTIAL\n.*t2 .*PARTIAL → CHASING\n/);
    expect(ended.stderr).toMatch(/PARTIAL → PANIC {2}the venue refuses the other leg/);
    expect(ended.stderr).toMatch(/warning TRADE_PANIC/);
    expect(ended.stderr).toMatch(/PANIC → CLOSED/);
  });

  test('its sandbox is gone, its lock is gone', () => {
    expect(isAlive(sandboxPid)).toBe(false);
    expect(() => readFileSync(join(folder, 'data', 'engine.lock'))).toThrow('ENOENT');
  });

  test('engine and sandbox connected to loopback only', () => {
    const dialled = readFileSync(dialledFile, 'utf8').trim().split('\n');
    const targets = dialled.map((line) => JSON.parse(line));
    const byEngine = targets.filter(({ pid }) => pid === enginePid);
    expect(new Set(byEngine.map(({ host }) => host))).toEqual(new Set(['127.0.0.1']));
    expect(new Set(byEngine.map(({ port }) => port)).size).toBe(3);
    expect(targets.filter(({ pid }) => pid !== enginePid)).toEqual([]);
  });

  test('the log has each trade and the end, one JSON object a line', () => {
    const lines = readFileSync(join(folder, 'logs', 'engine.log'), 'utf8')
      .trim()
      .split('\n');
    const events = lines.map((line) => JSON.parse(line).event);
    expect(events[0]).toBe('run.started');
    expect(events.at(-1)).toBe('run.ended');
    expect(events.filter((event) => event === 'trade.closed')).toHaveLength(
      lastJson(ended).trades.started,
    );
    expect(events).toContain('trade.panic');
    expect(lines.length).toBeLessThan(500);
  });

  test.each(['replay', 'verify'])('%s finds the same head', async (verb) => {
    const checked = await run([verb, '--json'], { folder });
    const { headHash, inputs, transitions } = lastJson(ended);
    const same = verb === 'replay' ? { identical: true, inputs, transitions } : { valid: true };
    expect(checked.code).toBe(0);
    expect(lastJson(checked)).toMatchObject({ ...same, headHash });
  });
});
