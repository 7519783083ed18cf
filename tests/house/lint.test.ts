// The linter catches what docs/STYLE.md says it catches: one planted breach per rule and room.
import { join } from 'node:path';
import { ESLint } from 'eslint';
import { expect, test } from 'vitest';
import { projectDir } from './source-tree.ts';

const eslint = new ESLint({ cwd: projectDir });

/** Judges the text as if it were the content of a file that exists in that room. */
async function rulesBroken(path: string, text: string): Promise<readonly string[]> {
  const [result] = await eslint.lintText(text, { filePath: join(projectDir, path) });
  return (result?.messages ?? []).map(({ ruleId, message }) => ruleId ?? message);
}

const DOMAIN = 'src/domain/brand.ts';
const PORTS = 'src/ports/clock.ts';
const MACHINES = 'machines/requests.ts';

test.each([
  [DOMAIN, 'export const now = () => Date.now();', 'no-restricted-globals'],
  [DOMAIN, 'export const at = (ms: number) => new Date(ms);', 'no-restricted-globals'],
  [DOMAIN, 'export const dice = () => Math.random();', 'no-restricted-syntax'],
  [DOMAIN, 'export const root = (n: number) => Math.exp(Math.log(n) / 3);', 'no-restricted-syntax'],
  [DOMAIN, 'export const wait = async () => {};', 'no-restricted-syntax'],
  [DOMAIN, 'export let count = 0;', 'no-restricted-syntax'],
  [DOMAIN, "export const order = (a: string) => a.localeCompare('b');", 'no-restricted-syntax'],
  [DOMAIN, "import '../venues/okx/okx-feed.ts';", 'no-restricted-imports'],
  [DOMAIN, "import 'node:fs';", 'no-restricted-imports'],
  [MACHINES, "import { fromPromise } from 'xstate';", 'no-restricted-syntax'],
  [MACHINES, 'export const state = { after: { 500: "late" } };', 'no-restricted-syntax'],
  [MACHINES, "import '../src/kernel/index.ts';", 'no-restricted-imports'],
  [PORTS, 'export default 1;', 'no-restricted-syntax'],
  [PORTS, 'export const name = (value: unknown) => value as string;', 'no-restricted-syntax'],
  [PORTS, "export const fail = () => new Error('Book is old');", 'no-restricted-syntax'],
  [PORTS, 'export const fail = (n: number) => new Error(`Book is ${n}`);', 'no-restricted-syntax'],
  [PORTS, 'export const any = (value: any) => value;', '@typescript-eslint/no-explicit-any'],
  [
    PORTS,
    'export const first = (list: string[]) => list[0]!;',
    '@typescript-eslint/no-non-null-assertion',
  ],
  [
    PORTS,
    "export const f = (s: 'a' | 'b') => { switch (s) { case 'a': return 1; } };",
    '@typescript-eslint/switch-exhaustiveness-check',
  ],
  [
    PORTS,
    'export const go = (task: () => Promise<void>): void => { task(); };',
    '@typescript-eslint/no-floating-promises',
  ],
  [PORTS, '// A line.\n'.repeat(251), 'max-lines'],
  [
    PORTS,
    `export const long = (): void => {\n${'  void 0;\n'.repeat(60)}};`,
    'max-lines-per-function',
  ],
])('a breach in %s is caught (%#)', async (path, text, rule) => {
  expect(await rulesBroken(path, text)).toContain(rule);
});

test('a clean file breaks no rule', async () => {
  const text = 'export const half = (count: number): number => count / 2;\n';
  expect(await rulesBroken(DOMAIN, text)).toEqual([]);
});
