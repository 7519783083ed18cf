// The log: one JSON line per event, rotated without a cut line, nothing lost to a kill.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  closeSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  unlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Secret } from '../../src/config/index.ts';
import { createLog } from '../../src/operator/log.ts';
import { RotatingFile } from '../../src/operator/rotating-file.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'trinity-log-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const linesOf = (name: string): readonly unknown[] =>
  readFileSync(join(folder, name), 'utf8')
    .trim()
    .split('\n')
    .map((line): unknown => JSON.parse(line));

describe('the log', () => {
  test('an event is one JSON line with level, time, name and fields', () => {
    const log = createLog({ level: 'info', folder });
    log.info('trade.opened', { tradeId: 't1', netEdgeBps: '6.2', openedInMs: 41 });
    const [line] = linesOf('engine.log');
    expect(line).toMatchObject({ level: 'info', event: 'trade.opened', openedInMs: 41 });
    expect(Object.keys(line ?? {})).toEqual([
      'level',
      'time',
      'tradeId',
      'netEdgeBps',
      'openedInMs',
      'event',
    ]);
    expect(JSON.stringify(line)).toMatch(/"time":"\d{4}-\d\d-\d\dT[\d:.]+Z"/);
    log.close();
  });

  test('what is below its level is left out; its own fields are on each line', () => {
    const log = createLog({ level: 'warn', folder });
    log.info('trade.opened');
    log.with({ tradeId: 't2' }).warn('trade.panicked', { orphanMs: 480 });
    expect(linesOf('engine.log')).toMatchObject([
      { event: 'trade.panicked', tradeId: 't2', orphanMs: 480 },
    ]);
    log.close();
  });

  test('a second run goes on in the same file', () => {
    for (const event of ['run.started', 'run.ended']) {
      const log = createLog({ level: 'info', folder });
      log.info(event);
      log.close();
    }
    expect(linesOf('engine.log')).toHaveLength(2);
  });

  test('a secret does not print, however deep', () => {
    const log = createLog({ level: 'info', folder });
    log.info('venue.connected', { a: { b: { c: [new Secret('canary-7f3a')] } } });
    expect(readFileSync(join(folder, 'engine.log'), 'utf8')).toContain('{"c":["***"]}');
    log.close();
  });
});

describe('the log file', () => {
  test('full files are moved aside and only so many kept, without a cut line', () => {
    const rotation = { fileBytesMax: 500, keptFiles: 2 };
    const log = createLog({ level: 'info', folder, rotation });
    for (let count = 1; count <= 30; count += 1) log.info('test.counted', { count });
    log.close();
    expect(readdirSync(folder).sort()).toEqual(['engine.log', 'engine.log.1', 'engine.log.2']);
    const kept = ['engine.log.2', 'engine.log.1', 'engine.log'].flatMap(linesOf);
    const last = Array.from({ length: kept.length }, (_, index) => 30 - kept.length + 1 + index);
    expect(kept).toMatchObject(last.map((count) => ({ count })));
    expect(kept.length).toBeGreaterThan(12);
  });

  test.skipIf(process.platform !== 'linux')('a full disk costs lines, and says how many', () => {
    const path = join(folder, 'engine.log');
    symlinkSync('/dev/full', path);
    const limits = { fileBytesMax: 1_000, keptFiles: 1 };
    const file = new RotatingFile(path, limits, (lines) => `lost ${lines}\n`);
    for (const line of ['a\n', 'b\n', 'c\n']) file.write(line);
    unlinkSync(path);
    for (const line of ['d\n', 'e\n']) file.write(line);
    file.close();
    expect(readFileSync(path, 'utf8')).toBe('lost 3\nd\ne\n');
  });

  test('a folder that cannot be written is refused at the start', () => {
    const path = join(folder, 'engine.log', 'deeper');
    const limits = { fileBytesMax: 1_000, keptFiles: 1 };
    new RotatingFile(join(folder, 'engine.log'), limits, String).close();
    expect(() => new RotatingFile(path, limits, String)).toThrow(/EEXIST|ENOTDIR/);
  });

  test('a process that is killed has lost no line', async () => {
    const childPath = fileURLToPath(new URL('./logging-child.ts', import.meta.url));
    const saidPath = join(folder, 'said');
    const said = openSync(saidPath, 'a');
    const child = spawn(process.execPath, ['--import', 'tsx', childPath, folder], {
      cwd: fileURLToPath(new URL('../../', import.meta.url)),
      stdio: ['ignore', said, 'inherit'],
    });
    closeSync(said);
    const saidLines = (): number => readFileSync(saidPath, 'utf8').split('\n').length - 1;
    await expect.poll(saidLines, { timeout: 10_000 }).toBeGreaterThan(200);
    child.kill('SIGKILL');
    await once(child, 'close');
    const lines = linesOf('engine.log');
    expect(lines.length - saidLines()).toBeGreaterThanOrEqual(0);
    expect(lines).toMatchObject(lines.map((_, index) => ({ count: index + 1 })));
  });
});
