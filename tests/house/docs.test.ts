// The documents tell the truth that a program can check: links lead somewhere, scripts exist, and
// the README shows only commands that something runs.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { documentedCommands } from './documented-commands.ts';
import { anchorsOf, commandsOf, linksOf } from './markdown.ts';
import { filesUnder, projectDir } from './source-tree.ts';

const read = (path: string): string => readFileSync(join(projectDir, path), 'utf8');
const pages = ['README.md', 'CHANGELOG.md', 'DEPLOYMENT_CHECKLIST.md', 'docs'].flatMap((path) =>
  filesUnder(path, ['.md']),
);
const { scripts } = JSON.parse(read('package.json')) as {
  readonly scripts: Readonly<Record<string, string>>;
};

describe('the documents', () => {
  test('are found', () => expect(pages.length).toBeGreaterThan(5));

  test.each(pages.map((page) => [page.path, page] as const))(
    '%s: every link leads on',
    (_, page) => {
      const broken = linksOf(page).filter(({ path, heading }) => {
        if (!existsSync(join(projectDir, path))) return true;
        return heading !== undefined && !anchorsOf(read(path)).includes(heading);
      });
      expect(broken.map(({ target }) => target)).toEqual([]);
    },
  );

  test('name only npm scripts that exist', () => {
    const named = pages.flatMap(({ path, text }) =>
      [...text.matchAll(/npm run ([a-z][a-z:-]*)/g)].map(([, script = '']) => ({ path, script })),
    );
    expect(named.filter(({ script }) => scripts[script] === undefined)).toEqual([]);
  });

  test('every npm script starts a file that exists', () => {
    const started = Object.values(scripts).flatMap((line) => [
      ...line.matchAll(/node ([a-z/-]+(?:\.js)?)/g),
    ]);
    const missing = started
      .map(([, file = '']) => (file.endsWith('.js') ? file : `${file}.js`))
      .filter((file) => !existsSync(join(projectDir, file)));
    expect(started.length).toBeGreaterThan(2);
    expect(missing).toEqual([]);
  });

  test('show in the README only commands that something runs', () => {
    const shown = existsSync(join(projectDir, 'README.md')) ? commandsOf(read('README.md')) : [];
    const setUp = /^(git clone|cd) /;
    const strange = shown.filter(
      (line) => !setUp.test(line) && documentedCommands[line] === undefined,
    );
    expect(strange).toEqual([]);
  });
});

describe('a documented command', () => {
  test.each(Object.entries(documentedCommands))('%s is run by %s', (command, file) => {
    const text = read(file);
    const words = command.split(' ').filter((word) => !/^(npm|run|node|main)$/.test(word));
    if (words.length === 0) words.push('main');
    expect(words.filter((word) => !text.includes(word))).toEqual([]);
  });
});

describe('a planted lie is caught', () => {
  const page = {
    path: 'docs/PAGE.md',
    text: '# A title: one\n\n[a](../main.js) [b](gone.md) [c](#a-title-one) [d](https://x.y)\n',
  };

  test('links are read from the folder of their page', () => {
    expect(linksOf(page).map(({ path }) => path)).toEqual([
      'main.js',
      'docs/gone.md',
      'docs/PAGE.md',
    ]);
    expect(anchorsOf(page.text)).toEqual(['a-title-one']);
  });

  test('commands lose their prompt and their comment', () => {
    expect(commandsOf('```sh\n$ node main   # runs\n# aside\nnpm test\n```\n')).toEqual([
      'node main',
      'npm test',
    ]);
  });
});
