// What replay and verify say of a journal that is not what was written: which damage, where, both
// sides where there are two, and an exit code that a script can rely on.
import { cpSync, readFileSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { changeLines, changeText, copyOf, recordRun, segmentOf } from './recorded-run.ts';
import type { RecordedRun } from './recorded-run.ts';
import { lastJson, MAIN, newFolder, run } from './started-program.ts';

let recorded: RecordedRun;
beforeAll(async () => {
  recorded = await recordRun();
});

const on = (path: string, words: string, main = MAIN) => {
  const [verb = '', ...flags] = words.split(' ');
  return run([verb, path, ...flags], { folder: newFolder(), main });
};

const EFFECT = '"effects":[{"type":"timer.set"';
const CHANGED = '"effects":[{"type":"timer.sEt"';

describe('one byte of a recorded effect changed', () => {
  test('replay exits 8 and shows both sides and the place, to people and to programs', async () => {
    const path = copyOf(recorded);
    changeText(path, EFFECT, CHANGED);
    const [forPeople, forPrograms] = await Promise.all([
      on(path, 'replay'),
      on(path, 'replay --json'),
    ]);
    expect(forPeople.code).toBe(8);
    expect(forPeople.stdout).toMatch(/ DIVERGES\ndamaged: .*segment-000001\.journal at byte \d+: /);
    expect(forPeople.stdout).toMatch(/record \d+, effects\n {2}recorded {2}.*timer\.sEt.*\n/);
    expect(forPeople.stdout).toMatch(/\n {2}replayed {2}.*timer\.set.*\n$/);
    expect(forPrograms.code).toBe(8);
    expect(lastJson(forPrograms)).toMatchObject({
      identical: false,
      divergence: {
        part: 'effects',
        recorded: { type: 'timer.sEt' },
        replayed: { type: 'timer.set' },
      },
      damage: {
        file: segmentOf(path),
        offset: expect.any(Number),
        cause: expect.stringContaining('checksum says'),
      },
    });
  });

  test('verify exits 5 and names file, place and cause', async () => {
    const path = copyOf(recorded);
    changeText(path, EFFECT, CHANGED);
    const { code, stdout, stderr } = await on(path, 'verify');
    expect({ code, stdout }).toEqual({ code: 5, stdout: '' });
    expect(stderr).toMatch(/^\S+segment-000001\.journal at byte \d+: checksum says \w{8}, found /);
    const forPrograms = await on(path, 'verify --json');
    expect(forPrograms.code).toBe(5);
    expect(lastJson(forPrograms)).toMatchObject({
      valid: false,
      runDir: path,
      damage: { file: segmentOf(path), code: 'journal.damaged' },
    });
  });
});

describe('one guard of a machine changed', () => {
  test('replay exits 8 and shows both sides; the unchanged copy finds the run identical', async () => {
    const copy = join(newFolder(), 'trinity');
    for (const part of ['main.js', 'package.json', 'package-lock.json', 'tsconfig.json']) {
      cpSync(join(dirname(MAIN), part), join(copy, part));
    }
    for (const part of ['src', 'machines', 'scripts', 'config.yaml']) {
      cpSync(join(dirname(MAIN), part), join(copy, part), { recursive: true });
    }
    symlinkSync(join(dirname(MAIN), 'node_modules'), join(copy, 'node_modules'));
    const main = join(copy, 'main.js');
    expect(await on(recorded.path, 'replay', main)).toMatchObject({ code: 0, stderr: '' });

    const setup = join(copy, 'machines', 'trade', 'trade-setup.ts');
    const guard = 'canChaseEntry: ({ context }) =>';
    const text = readFileSync(setup, 'utf8');
    expect(text).toContain(guard);
    writeFileSync(setup, text.replace(guard, `${guard} context.chaseCount < 0 &&`));
    const [forPeople, forPrograms] = await Promise.all([
      on(recorded.path, 'replay', main),
      on(recorded.path, 'replay --json', main),
    ]);
    expect(forPeople.code).toBe(8);
    expect(forPeople.stdout).toMatch(/ DIVERGES\nrecord \d+, transitions\n/);
    expect(forPeople.stdout).toMatch(/\n {2}recorded {2}.*CHASING.*\n {2}replayed {2}.*PANIC/);
    expect(forPrograms.code).toBe(8);
    const { divergence, damage } = lastJson(forPrograms);
    expect(divergence.recorded.to).toMatch(/^CHASING/);
    expect(divergence.replayed.to).toMatch(/^PANIC/);
    expect(damage).toBeUndefined();
  }, 30_000);
});

describe('other damage', () => {
  const cases: readonly (readonly [string, (path: string) => void, Outcome])[] = [
    [
      'a byte of an input',
      (path) =>
        changeText(
          path,
          '"input":{"type":"opportunity.found"',
          '"input":{"type":"oppurtunity.found"',
        ),
      { replay: [8, /DIVERGES\ndamaged: .*\nrecord \d+, fault\n/], verify: [5, /checksum says/] },
    ],
    [
      'a byte that leaves no JSON',
      (path) =>
        changeText(
          path,
          '"input":{"type":"opportunity.found"',
          '"input"?{"type":"opportunity.found"',
        ),
      { replay: [5, /is not a step record/], verify: [5, /checksum says/] },
    ],
    [
      'a record taken out of the middle',
      (path) => changeLines(path, (lines) => lines.toSpliced(50, 1)),
      { replay: [5, /record 51 follows record 49/], verify: [5, /record 51 follows record 49/] },
    ],
    [
      'a last record cut short',
      (path) => truncateSync(segmentOf(path), readFileSync(segmentOf(path)).length - 20),
      {
        replay: [0, /identical: .*\n {2}the last write was cut short at byte \d+ of /],
        verify: [0, /is whole: .*\n {2}the last write was cut short at byte \d+ of /],
      },
    ],
    [
      'a foreign file as the segment',
      (path) => writeFileSync(segmentOf(path), 'time,price\n1,2\n'),
      {
        replay: [5, /does not begin as a trinity journal/],
        verify: [5, /does not begin as a trinity journal/],
      },
    ],
    [
      'a foreign run.json',
      (path) => writeFileSync(join(path, 'run.json'), '{"name":"other"}'),
      {
        replay: [5, /run\.json: is not the description of a trinity run/],
        verify: [5, /run\.json: is not the description of a trinity run/],
      },
    ],
    [
      'no run.json',
      (path) => rmSync(join(path, 'run.json')),
      { replay: [2, /run\.json: ENOENT/], verify: [2, /run\.json: ENOENT/] },
    ],
    [
      'no segment',
      (path) => rmSync(segmentOf(path)),
      {
        replay: [2, /has no records/],
        verify: [5, /a snapshot stands at record \d+, the journal ends at 0/],
      },
    ],
  ];
  test.concurrent.each(cases)(
    '%s',
    async (_, damage, outcome) => {
      const path = copyOf(recorded);
      damage(path);
      for (const verb of ['replay', 'verify'] as const) {
        const { code, stdout, stderr } = await on(path, verb);
        const [expectedCode, said] = outcome[verb];
        expect(`${stdout}${stderr}`).toMatch(said);
        expect(stderr).not.toMatch(/^ {4}at /m);
        expect(code).toBe(expectedCode);
      }
    },
    30_000,
  );
});

interface Outcome {
  readonly replay: readonly [code: number, said: RegExp];
  readonly verify: readonly [code: number, said: RegExp];
}
