// The pages docs/OPERATING.md and docs/ALERTS.md name what exists, all of it and nothing else: exit
// codes, verbs, flags, gates, stream states, reject codes, alerts. Each judge is shown a page with
// a gap.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { machines } from '../../machines/index.ts';
import { EXIT_CODES } from '../../src/cli/exit-code.ts';
import { createProgram } from '../../src/cli/program.ts';
import { holdsAtAnyPrice, ORDER_ABSENT, REJECT_CODES } from '../../src/domain/index.ts';
import {
  alertsIn,
  codeLikeIn,
  difference,
  gatesIn,
  headingsOf,
  logEventsIn,
  NO_DIFFERENCE,
  rowsOf,
  sectionOf,
  verbFindings,
  verbsOf,
  wordsOf,
} from './operating-page.ts';
import { filesUnder, projectDir } from './source-tree.ts';

const operating = readFileSync(join(projectDir, 'docs/OPERATING.md'), 'utf8');
const alerts = readFileSync(join(projectDir, 'docs/ALERTS.md'), 'utf8');
const code = (...folders: readonly string[]) =>
  folders.flatMap((path) => filesUnder(path, ['.ts']));

describe('the page of the operator', () => {
  test('has every exit code with its meaning', () => {
    const rows = rowsOf(sectionOf(operating, 'Exit codes'));
    const told = rows.map(([number, name, meaning]) => `${number} ${name} ${meaning}`);
    const real = Object.entries(EXIT_CODES).map(
      ([name, { code: number, meaning }]) => `${number} ${name} ${meaning}`,
    );
    expect(difference(told, real)).toEqual(NO_DIFFERENCE);
    expect(rows.filter(([, , , advice = '']) => advice === '')).toEqual([]);
  });

  test('has every verb and flag', () => {
    const verbs = verbsOf(createProgram(() => undefined));
    expect(verbs.length).toBeGreaterThan(8);
    expect(verbFindings(operating, verbs)).toEqual([]);
  });

  test('has every gate with its units', () => {
    const found = gatesIn(code('machines', 'src/strategies', 'src/pricing'));
    // The scanner's word for what cannot happen: refused by no gate.
    const real = found.filter((gate) => gate !== 'none');
    const rows = rowsOf(sectionOf(operating, 'Gates'));
    expect(real.length).toBeGreaterThan(15);
    expect(difference(wordsOf(sectionOf(operating, 'Gates')), real)).toEqual(NO_DIFFERENCE);
    const unit = /^(bps|usd|ms|qty|ratio|count|state)(, (bps|usd|ms|qty|ratio|count|state))*$/;
    expect(rows.filter(([, units = '']) => !unit.test(units))).toEqual([]);
  });

  test('has every state of the engine', () => {
    const real = Object.keys(machines.engine.config.states ?? {});
    expect(difference(wordsOf(sectionOf(operating, 'Engine states')), real)).toEqual(NO_DIFFERENCE);
  });

  test('has every state of a stream', () => {
    const real = Object.keys(machines.stream.config.states ?? {});
    expect(difference(wordsOf(sectionOf(operating, 'Stream states')), real)).toEqual(NO_DIFFERENCE);
  });

  test('has every event of the log', () => {
    const events = logEventsIn(code('src/cli', 'src/operator', 'src/runtime'));
    const told = wordsOf(sectionOf(operating, 'What is on disk'));
    // Those whose name is made at run time stand with an ellipsis.
    const fixed = told.filter((word) => !word.includes('…'));
    expect(difference(fixed, events)).toEqual(NO_DIFFERENCE);
  });

  test('has every code with which an order is rejected', () => {
    const told = rowsOf(sectionOf(operating, 'Why an order is rejected'));
    const real = Object.entries(REJECT_CODES).map(([word, { meaning }]) => [
      ...[word, meaning, holdsAtAnyPrice(word) ? 'no' : 'yes'],
    ]);
    expect(told).toEqual(real);
  });

  test('has no code with which nobody rejects an order', () => {
    const files = code('src', 'machines').filter(({ path }) => !path.endsWith('/reject-code.ts'));
    const isSaid = (word: string) => files.some(({ text }) => text.includes(`'${word}'`));
    const unsaid = Object.keys(REJECT_CODES).filter((word) => !isSaid(word));
    // The leg says it by its name.
    expect(unsaid).toEqual([ORDER_ABSENT]);
  });
});

describe('the page of alerts', () => {
  const raised = alertsIn(code('machines', 'src/runtime'));
  const told = headingsOf(alerts, 2);

  test('has a section for each code that a machine or the shell can raise, and no other', () => {
    expect(raised.size).toBeGreaterThan(5);
    expect(difference(raised.keys(), codeLikeIn(code('machines', 'src/runtime')))).toEqual(
      NO_DIFFERENCE,
    );
    expect(difference(told, raised.keys())).toEqual(NO_DIFFERENCE);
  });

  test.each([...raised])(
    '%s: severity %s, what happened, what was done, what to do',
    (name, severity) => {
      const section = sectionOf(alerts, name);
      expect(section).toContain(`**Severity:** ${severity}\n`);
      for (const part of ['What happened', 'What the engine did', 'What you must do']) {
        expect(section).toMatch(new RegExp(`\\*\\*${part}\\.\\*\\* \\S`));
      }
    },
  );
});

describe('a planted gap is caught', () => {
  test('in a table', () => {
    const page =
      '# Codes\n\n| code | what |\n| --- | --- |\n| `0` | fine |\n| `9` | odd |\n\n# Next\n';
    expect(wordsOf(sectionOf(page, 'Codes'))).toEqual(['0', '9']);
    expect(difference(wordsOf(sectionOf(page, 'Codes')), ['0', '1'])).toEqual({
      undocumented: ['1'],
      invented: ['9'],
    });
    expect(sectionOf(page, 'Gone')).toBe('');
  });

  test('in verbs and flags', () => {
    const page =
      '### node main\n\n| flag | |\n| --- | --- |\n| `--old` | x |\n\n### node main dance\n';
    const verbs = [
      { name: 'node main', flags: ['--new <x>'] },
      { name: 'node main sing', flags: [] },
    ];
    expect(verbFindings(page, verbs)).toEqual([
      'node main sing is not documented',
      'node main dance does not exist',
      'node main --new <x> is not documented',
      'node main --old does not exist',
    ]);
  });

  test('the program of today without one flag is not the page of today', () => {
    const verbs = verbsOf(createProgram(() => undefined));
    const more = verbs.map(({ name, flags }) => ({ name, flags: [...flags, '--planted'] }));
    expect(verbFindings(operating, more)).toHaveLength(verbs.length);
  });

  test('in sources: gates and alerts are found however they are written', () => {
    const text =
      "stateRefusal('a-b', x); refusal('c', 1); { gate: 'd-e', found }; thinBook('f', 1);\n" +
      "severity: 'warning' as const,\n code: 'ONE_TWO'; alert<'x'>(\n 'critical',\n 'THREE_FOUR'\n";
    const files = [{ path: 'x.ts', text }];
    expect(gatesIn(files)).toEqual(['a-b', 'c', 'd-e', 'f']);
    expect([...alertsIn(files)]).toEqual([
      ['ONE_TWO', 'warning'],
      ['THREE_FOUR', 'critical'],
    ]);
    const logs = "this.#log.warn('a.b', {}); log.info(\n 'c.d'); stringify({ event: 'e.f' })";
    expect(logEventsIn([{ path: 'x.ts', text: logs }])).toEqual(['a.b', 'c.d', 'e.f']);
  });
});
