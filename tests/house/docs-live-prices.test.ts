// `node main --paper --feed live` as documented: it reads the addresses of the configuration, which
// here are those of a sandbox on loopback, and says so when none of them answers.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SANDBOX_VENUES, startSandbox } from '../../src/sandbox/index.ts';
import type { Sandbox } from '../../src/sandbox/index.ts';
import { projectDir } from './source-tree.ts';

let folder = '';
let sandbox: Sandbox;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'trinity-live-'));
  sandbox = await startSandbox({ seed: 7, startAt: 'now' });
});
afterAll(async () => {
  await sandbox.stop();
  rmSync(folder, { recursive: true });
});

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function run(addresses: Readonly<Record<string, string>>): Promise<Ended> {
  const words = ['--paper', '--feed', 'live', '--exit-after', '3s', '--json'];
  const args = [join(projectDir, 'main.js'), ...words, '--data', join(folder, 'data')];
  const env = { ...process.env, ...addresses, TRINITY_LOG__FOLDER: join(folder, 'logs') };
  const child = spawn(process.execPath, args, { env });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, stdout, stderr })));
}

const addressesOf = (of: (venue: (typeof SANDBOX_VENUES)[number]) => readonly [string, string]) =>
  Object.fromEntries(
    SANDBOX_VENUES.flatMap((venue) => {
      const [rest, ws] = of(venue);
      const name = `TRINITY_VENUES__${venue.toUpperCase()}`;
      return [
        [`${name}__REST_URL`, rest],
        [`${name}__WS_URL`, ws],
      ];
    }),
  );

describe('live prices', () => {
  test('come from the configured addresses; orders stay on paper, without mishaps', async () => {
    const { venues } = sandbox;
    const ended = await run(addressesOf((venue) => [venues[venue].rest, venues[venue].ws]));
    expect(ended.stderr).toContain('live prices; orders are filled on paper, no key is used');
    expect(ended.stderr).not.toContain('demo scenario');
    expect(ended.code).toBe(0);
    expect(JSON.parse(ended.stdout)).toMatchObject({ mode: 'paper', feed: 'live' });
  }, 20_000);

  test('that nobody offers end the run with code 9 and a way out', async () => {
    const closed = addressesOf(() => ['http://127.0.0.1:9', 'ws://127.0.0.1:9']);
    const { code, stdout, stderr } = await run(closed);
    expect({ code, stdout }).toEqual({ code: 9, stdout: '' });
    expect(stderr).toContain(
      'none of binanceusdm, bybit, okx answered within 5 s; `--feed sandbox` runs without a network',
    );
  }, 20_000);
});
