// Old journals as an operator keeps them: compressed and read as before, removed by policy alone,
// and held against heads that were kept elsewhere.
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { rmSync, utimesSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { Archivist } from '../../src/cli/verbs/archivist.ts';
import type { ArchivePolicy } from '../../src/cli/verbs/archivist.ts';
import { changeLines, recordRun } from './recorded-run.ts';
import type { RecordedRun } from './recorded-run.ts';
import { lastJson, newFolder, run, start } from './started-program.ts';

let recorded: RecordedRun;
let short: readonly string[] = [];
beforeAll(async () => {
  const words = '--clock virtual --exit-after 1s --json --seed'.split(' ');
  recorded = await recordRun();
  const ends = ['1', '2', '3'].map((seed) => run([...words, seed], { folder: newFolder() }));
  short = (await Promise.all(ends)).map((ended) => String(lastJson(ended).runDir));
}, 60_000);

const DAY_MS = 86_400_000;
const on = (dataPath: string, words: string) =>
  run([...words.split(' '), '--data', dataPath], { folder: newFolder() });

/** A data folder of its own with copies of these runs, the first one the oldest. */
function folderOf(...paths: readonly string[]): string {
  const dataPath = join(newFolder(), 'data');
  mkdirSync(join(dataPath, 'runs'), { recursive: true });
  cpSync(join(dirname(dirname(recorded.path)), 'trinity.json'), join(dataPath, 'trinity.json'));
  for (const [index, path] of paths.entries()) {
    const copy = join(dataPath, 'runs', basename(path));
    cpSync(path, copy, { recursive: true });
    const about = JSON.parse(readFileSync(join(copy, 'run.json'), 'utf8'));
    const text = JSON.stringify({ ...about, createdAtMs: 1_000 + index });
    writeFileSync(join(copy, 'run.json'), text);
    age(copy, 100 - index);
  }
  return dataPath;
}

function age(runPath: string, days: number): void {
  const atS = (Date.now() - days * DAY_MS) / 1000;
  for (const name of readdirSync(runPath)) utimesSync(join(runPath, name), atS, atS);
}

const namesIn = (dataPath: string): readonly string[] => readdirSync(join(dataPath, 'runs')).sort();
const runIn = (dataPath: string, path: string): string => join(dataPath, 'runs', basename(path));

describe('an archived run', () => {
  test('reads as before, for every verb', async () => {
    const dataPath = folderOf(recorded.path);
    const verbs = ['replay --json', 'ledger', 'export transitions'];
    const ask = async (): Promise<readonly unknown[]> => {
      const ends = await Promise.all(verbs.map((verb) => on(dataPath, verb)));
      return ends.map(({ code, stdout }) => [code, stdout]);
    };
    const before = await ask();
    const archived = await on(dataPath, 'archive --older-than 30d --json');
    expect(archived.code, archived.stderr).toBe(0);
    const runId = basename(recorded.path);
    expect(lastJson(archived)).toMatchObject({
      archived: [{ runId, segments: 1, bytes: expect.any(Number) }],
      removed: [],
      kept: [],
      damaged: [],
    });
    expect(existsSync(join(dataPath, 'runs', runId, 'segment-000001.journal'))).toBe(false);
    expect(await ask()).toEqual(before);
    expect(before.map((end) => [end].flat()[0])).toEqual([0, 0, 0]);
    const verified = await on(dataPath, 'verify');
    expect(verified.stdout).toMatch(/ is whole: \d+ records, head \w{16}, 1 of 1 archived\n$/);
    expect((await on(dataPath, 'archive --older-than 30d')).stdout).toBe(
      `${runId}: archived already\n`,
    );
  }, 60_000);

  test('is whole whenever the archiver is killed', async () => {
    const dataPath = folderOf(recorded.path);
    const archiver = start(['archive', '--older-than', '30d', '--data', dataPath], {
      folder: newFolder(),
    });
    const folder = runIn(dataPath, recorded.path);
    const isAtWork = (): boolean => readdirSync(folder).some((name) => name.includes('.gz'));
    await expect.poll(isAtWork, { interval: 1, timeout: 20_000 }).toBe(true);
    archiver.signal('SIGKILL');
    await archiver.ended;
    expect((await on(dataPath, 'verify')).code).toBe(0);
    expect((await on(dataPath, 'archive --older-than 30d')).code).toBe(0);
    expect((await on(dataPath, 'verify')).stdout).toContain('1 of 1 archived');
  }, 60_000);
});

describe('policy', () => {
  const policy = (archiveDays: number, removeDays: number): ArchivePolicy => ({
    archiveAfterMs: archiveDays * DAY_MS,
    removeAfterMs: removeDays * DAY_MS,
  });
  const work = (dataPath: string, by: ArchivePolicy) => {
    const archivist = new Archivist(dataPath, by);
    archivist.all();
    return archivist.outcome;
  };

  test('removes what was archived before and is old enough, and keeps its head', async () => {
    const dataPath = folderOf(...short);
    const heads = await Promise.all(short.map((path) => on(dataPath, `head ${basename(path)}`)));
    expect(work(dataPath, policy(30, 99.5))).toMatchObject({ removed: [] });
    expect(namesIn(dataPath)).toHaveLength(3);
    const { removed, kept } = work(dataPath, policy(30, 99.5));
    const [first = '', ...others] = short.map((path) => basename(path));
    expect(removed).toEqual([{ runId: first, head: heads[0]?.stdout.trim() }]);
    expect(kept.map(({ runId, cause }) => [runId, cause])).toEqual(
      others.map((runId) => [runId, 'archived already']),
    );
    expect(namesIn(dataPath)).toEqual([...others].sort());
    const kept1 = readFileSync(join(dataPath, 'heads'), 'utf8');
    expect(kept1).toMatch(/^\S+ \d+:[0-9a-f]{64} removed \d{4}-\d\d-\d\dT[\d:.]+Z\n$/);
    expect(kept1.startsWith(`${heads[0]?.stdout.trim() ?? '?'} removed `)).toBe(true);
  });

  test('whoever kept a copy of a removed run can hold it against its head', async () => {
    const dataPath = folderOf(...short);
    work(dataPath, policy(30, 99.5));
    work(dataPath, policy(30, 99.5));
    const copy = folderOf(...short.slice(0, 1));
    const found = await on(copy, `verify --head ${join(dataPath, 'heads')}`);
    expect(found.stdout).toContain('the journal that the exported head was taken of');
  });

  test('never removes the newest run, one that may go on, or one that is damaged', () => {
    const dataPath = folderOf(...short);
    const [open = '', damaged = '', newest = ''] = short.map((path) => runIn(dataPath, path));
    changeLines(open, (lines) => [...lines.slice(0, 8), '']);
    changeLines(damaged, (lines) => lines.map((line, at) => (at === 5 ? `${line} ` : line)));
    for (const path of [open, damaged]) removeSnapshots(path);
    for (const path of [open, damaged, newest]) age(path, 100);
    for (let time = 1; time <= 3; time += 1) {
      const outcome = work(dataPath, policy(1, 2));
      expect(outcome.removed).toEqual([]);
      expect(outcome.kept).toMatchObject([
        { cause: 'may go on: its newest 1 segments stay as they are' },
        { cause: 'the newest run is never removed' },
      ]);
      expect(outcome.damaged).toMatchObject([
        { runId: basename(damaged), cause: expect.stringContaining('at byte') },
      ]);
    }
    expect(namesIn(dataPath)).toHaveLength(3);
    expect(existsSync(join(dataPath, 'heads'))).toBe(false);
  });

  test('a removal that was ended is finished, and says its head once', () => {
    const dataPath = folderOf(...short);
    work(dataPath, policy(30, 99.5));
    work(dataPath, policy(30, 99.5));
    const text = readFileSync(join(dataPath, 'heads'), 'utf8');
    const aside = join(dataPath, `removing-${basename(short[0] ?? '')}`);
    cpSync(short[0] ?? '', aside, { recursive: true });
    work(dataPath, policy(30, 99.5));
    expect(existsSync(aside)).toBe(false);
    expect(readFileSync(join(dataPath, 'heads'), 'utf8')).toBe(text);
  });

  test('is off: nothing is archived or removed unless somebody asks', async () => {
    const dataPath = folderOf(...short);
    const { code, stdout } = await on(dataPath, 'archive');
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: 'nothing is asked for: name a run or --older-than, or set journal.archiveAfterDays\n',
    });
    const none = { archiveAfterMs: undefined, removeAfterMs: undefined };
    expect(work(dataPath, none)).toEqual({ archived: [], removed: [], kept: [], damaged: [] });
  });
});

function removeSnapshots(path: string): void {
  const names = readdirSync(path).filter((name) => name.startsWith('snapshot-'));
  for (const name of names) rmSync(join(path, name));
}

describe('an exported head', () => {
  const verify = (path: string, head: string) =>
    run(['verify', path, '--head', head, '--json'], { folder: newFolder() });

  test('is one line that finds its journal again, also when that has grown', async () => {
    const { records, headHash } = lastJson(
      await run(['verify', recorded.path, '--json'], { folder: newFolder() }),
    );
    const told = await run(['head', recorded.path], { folder: newFolder() });
    expect(told.stdout).toBe(`${basename(recorded.path)} ${records}:${headHash}\n`);
    const early = hashAt(recorded.path, 20);
    for (const head of [told.stdout.trim(), `${records}:${headHash}`, `20:${early}`]) {
      expect(lastJson(await verify(recorded.path, head))).toMatchObject({ valid: true, heads: 1 });
    }
  });

  test('tells a journal that was rewritten as a whole, and one that is shorter', async () => {
    const told = await run(['head', short[0] ?? ''], { folder: newFolder() });
    const [, head = ''] = told.stdout.trim().split(' ');
    const other = await verify(short[1] ?? '', head);
    expect(other.code).toBe(5);
    expect(lastJson(other)).toMatchObject({
      valid: false,
      damage: { code: 'journal.other-head', cause: expect.stringContaining('carries hash') },
    });
    const dataPath = folderOf(short[0] ?? '');
    const cut = runIn(dataPath, short[0] ?? '');
    changeLines(cut, (lines) => [...lines.slice(0, 8), '']);
    removeSnapshots(cut);
    expect((await run(['verify', cut], { folder: newFolder() })).code).toBe(0);
    const shorter = await verify(cut, head);
    expect(shorter.code).toBe(5);
    expect(shorter.stderr).toMatch(/stands at record \d+, the journal ends at 7\n$/);
  });

  test.each([
    ['no-such-file', /^--head must be a head like 518:fb29… .* found "no-such-file"\n$/],
    ['0:abc', /^--head must be a head like/],
  ])('%s is none', async (head, said) => {
    const { code, stderr } = await verify(short[0] ?? '', head);
    expect(code).toBe(2);
    expect(stderr).toMatch(said);
  });

  test('of another run, in a file, is not taken for one of this run', async () => {
    const file = join(newFolder(), 'heads');
    writeFileSync(file, `another-run 7:${'ab'.repeat(32)}\n`);
    const { code, stderr } = await verify(short[0] ?? '', file);
    expect(code).toBe(2);
    expect(stderr).toMatch(/ has no head of run \S+; it has another-run\n$/);
  });
});

function hashAt(path: string, seq: number): string {
  const [, line = ''] = readFileSync(join(path, 'segment-000001.journal'), 'utf8').split(
    `{"seq":${seq},`,
  );
  return /"hash":"([0-9a-f]{64})"/.exec(line)?.[1] ?? expect.fail(`record ${seq}`);
}
