// Holds what no linter sees: lengths of all files, their names, their opening words, and words that
// have no place here.
import { describe, expect, test } from 'vitest';
import { codeFolders, filesUnder, type SourceFile } from './source-tree.ts';

const LINES_MAX = 250;
const COLUMNS_MAX = 100;
/** Names that say nothing: if a function has no home, its noun is missing. */
const EMPTY_NOUN = /(^|-)(utils?|helpers?|common|misc|managers?|handlers?|impl|base)(-|\.|$)/;
const KEBAB_CASE = /^[a-z0-9]+(-[a-z0-9]+)*(\.(slow\.)?(test|config|d))?\.(ts|tsx|js)$/;
// Spelled apart, so that this file does not accuse itself.
const LATER = new RegExp(`\\b(${['TO' + 'DO', 'FIX' + 'ME', 'X' + 'XX'].join('|')})\\b`);
const ELSEWHERE = new RegExp(
  ['/work/' + '(main|shared)', 'shared/' + 'design', 'issues ' + 'show'].join('|'),
);
const RULER = /(\/\/|\/\*|#)\s*[-=*#~─═]{4,}|[-=*#~─═]{4,}\s*(\*\/)?$/;

const files = [
  ...codeFolders.flatMap((folder) => filesUnder(folder, ['.ts', '.tsx', '.js'])),
  ...['main.js', 'eslint.config.js', 'vitest.config.ts'].flatMap((path) => filesUnder(path, [''])),
];
const name = ({ path }: SourceFile) => path.slice(path.lastIndexOf('/') + 1);
const lines = ({ text }: SourceFile) => text.trimEnd().split('\n');
const code = files.map(({ path, text }) => ({ path, comments: commentsOf(text) }));

function commentsOf(text: string): string {
  return text.match(/\/\/.*$|\/\*[\s\S]*?\*\//gm)?.join('\n') ?? '';
}

const pathsWhere = (claim: (file: SourceFile) => boolean): readonly string[] =>
  files.filter(claim).map(({ path }) => path);

describe('every file', () => {
  test('is found', () => expect(files.length).toBeGreaterThan(40));

  test(`has at most ${LINES_MAX} lines`, () => {
    expect(pathsWhere((file) => lines(file).length > LINES_MAX)).toEqual([]);
  });

  test(`has no line over ${COLUMNS_MAX} characters, addresses and snapshots aside`, () => {
    const isLong = (line: string) =>
      line.length > COLUMNS_MAX && !/https?:\/\/|wss?:\/\//.test(line);
    const tooLong = files
      .filter(({ path }) => !path.startsWith('tests/'))
      .flatMap((file) =>
        lines(file).flatMap((line, index) => (isLong(line) ? [`${file.path}:${index + 1}`] : [])),
      );
    expect(tooLong).toEqual([]);
  });

  test('has a name in kebab-case', () => {
    expect(pathsWhere((file) => !KEBAB_CASE.test(name(file)))).toEqual([]);
  });

  test('is named for a noun that says something', () => {
    expect(
      pathsWhere((file) => file.path.split('/').some((part) => EMPTY_NOUN.test(part))),
    ).toEqual([]);
  });

  test('opens with a comment in sentences', () => {
    expect(pathsWhere((file) => !/^[A-Z`'"0-9][\s\S]*\.$/.test(opening(file)))).toEqual([]);
  });

  test('leaves nothing for later', () => {
    expect(code.filter(({ comments }) => LATER.test(comments)).map(({ path }) => path)).toEqual([]);
  });

  test('has no rulers', () => {
    expect(pathsWhere((file) => lines(file).some((line) => RULER.test(line)))).toEqual([]);
  });

  test('names no place outside the project', () => {
    const others = ['.ci', 'docs', 'README.md', 'config.yaml', '.env.example', 'CHANGELOG.md']
      .flatMap((path) => filesUnder(path, ['']))
      .concat(files);
    expect(others.filter(({ text }) => ELSEWHERE.test(text)).map(({ path }) => path)).toEqual([]);
  });

  test('that is a machine neither waits nor calls', () => {
    const calls = /\b(after|invoke)\s*:|\bfrom(Promise|Callback|Observable|EventObservable)\b/;
    const inMachines = pathsWhere(
      ({ path, text }) =>
        path.startsWith('machines/') &&
        calls.test(text.replaceAll(/\/\/.*$|\/\*[\s\S]*?\*\//gm, '')),
    );
    expect(inMachines).toEqual([]);
  });
});

/** The comment lines at the top, after the line that names an interpreter. */
function opening({ text }: SourceFile): string {
  const block = /^(?:#!.*\n)?((?:\/\/.*\n)+)/.exec(text)?.[1] ?? '';
  return block.replaceAll(/^\/\/ ?/gm, '').trim();
}
