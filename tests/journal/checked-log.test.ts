// A file of checked lines that survives its writer: cut at every byte, damaged, replaced, on a disk
// that fails.
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { CheckedLog } from '../../src/journal/index.ts';

const HEAD = { format: 'trinity-test', version: 1, of: 'okx' };
let folder = '';
let path = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'checked-log-'));
  path = join(folder, 'deep', 'okx.account');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const failures: string[] = [];
const openLog = (restartBytesMin = 4_000_000, head = HEAD): CheckedLog =>
  new CheckedLog(path, {
    head,
    restartBytesMin,
    onFailure: ({ message }) => failures.push(message),
  });
const linesOf = ({ kept }: CheckedLog): readonly string[] => kept.map(({ json }) => json);

async function written(...lines: readonly string[]): Promise<void> {
  const log = openLog();
  for (const line of lines) log.append(line);
  await log.close();
}

describe('a checked log', () => {
  test('gives back what was appended, in order, over many lives', async () => {
    await written('{"a":1}', '{"b":"ä\\n"}');
    await written('{"c":3}');
    expect(linesOf(openLog())).toEqual(['{"a":1}', '{"b":"ä\\n"}', '{"c":3}']);
  });

  test('calls back in order, once the line is on the disk', async () => {
    const log = openLog();
    const told: string[] = [];
    const first = log.append('{"n":1}');
    const second = log.append('{"n":2}');
    log.whenSafe(second, () => told.push(`2 ${readFileSync(path, 'utf8').includes('"n":2')}`));
    log.whenSafe(first, () => told.push('1'));
    expect(told).toEqual([]);
    await log.close();
    expect(told).toEqual(['2 true', '1']);
    log.whenSafe(second, () => told.push('late'));
    expect(told.at(-1)).toBe('late');
  });

  test('cut at any byte of its last line is the log without that line', async () => {
    await written('{"n":1}', '{"n":2}');
    const whole = readFileSync(path);
    const lastLine = whole.lastIndexOf(10, whole.length - 2) + 1;
    for (let size = lastLine; size < whole.length; size += 1) {
      writeFileSync(path, whole.subarray(0, size));
      const log = openLog();
      expect(linesOf(log)).toEqual(['{"n":1}']);
      expect(log.tornBytes).toBe(size - lastLine);
      expect(statSync(path).size).toBe(lastLine);
    }
    await written('{"n":3}');
    expect(linesOf(openLog())).toEqual(['{"n":1}', '{"n":3}']);
  });

  test('with any flipped byte is refused, and left as it is', async () => {
    await written('{"n":1}', '{"n":2}');
    const whole = readFileSync(path);
    for (let at = 0; at < whole.length; at += 1) {
      const damaged = Buffer.from(whole);
      damaged[at] = (damaged[at] ?? 0) ^ 1;
      if (damaged[whole.length - 1] !== 10) continue;
      writeFileSync(path, damaged);
      expect(() => openLog(), `byte ${at}`).toThrow(path);
      expect(readFileSync(path)).toEqual(damaged);
    }
  });

  test.each([
    ['of another format', { ...HEAD, format: 'trinity-other' }, 'is not a file of format'],
    ['of a newer version', { ...HEAD, version: 2 }, 'is not of version 1'],
    ['of another owner', { ...HEAD, of: 'bybit' }, 'is not of okx'],
  ])('%s is refused', async (_name, head, expected) => {
    await openLog(4_000_000, head).close();
    expect(() => openLog()).toThrow(expected);
  });

  test('that is empty is refused', async () => {
    await written();
    writeFileSync(path, '');
    expect(() => openLog()).toThrow('is not a file of format trinity-test');
  });

  test('is one line after a restart, and goes on from there', async () => {
    const log = openLog(200);
    for (let count = 0; count < 20; count += 1) log.append(`{"n":${count}}`);
    expect(log.isOvergrown).toBe(true);
    const told: string[] = [];
    const place = log.append('{"n":20}');
    log.restart('{"state":20}');
    log.whenSafe(place, () => told.push('safe'));
    expect(log.isOvergrown).toBe(false);
    log.append('{"n":21}');
    await log.close();
    expect(told).toEqual(['safe']);
    expect(linesOf(openLog())).toEqual(['{"state":20}', '{"n":21}']);
    expect(existsSync(`${path}.draft`)).toBe(false);
  });

  test('takes no notice of a draft that a killed writer left', async () => {
    await written('{"n":1}');
    appendFileSync(`${path}.draft`, 'half a li');
    expect(linesOf(openLog())).toEqual(['{"n":1}']);
    expect(existsSync(`${path}.draft`)).toBe(false);
  });

  test('says once that it has failed, and calls nothing safe from then on', async () => {
    const log = openLog();
    rmSync(join(folder, 'deep'), { recursive: true });
    const told: string[] = [];
    log.whenSafe(log.append('{"n":1}'), () => told.push('1'));
    await expect(log.close()).rejects.toThrow('ENOENT');
    log.whenSafe(log.append('{"n":2}'), () => told.push('2'));
    expect(told).toEqual([]);
    expect(failures).toHaveLength(1);
  });
});
