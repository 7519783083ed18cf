// `npm run diagrams` writes a page for every machine into docs/machines; with --check it writes
// nothing and exits 1 when a page differs from the code, is missing or belongs to no machine.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { registerTypeScript } from './loader.js';

registerTypeScript();
const { machines } = await import('../machines/index.ts');
const { machinePage } = await import('./machine-page.ts');

const folder = fileURLToPath(new URL('../docs/machines/', import.meta.url));
mkdirSync(folder, { recursive: true });
const pages = new Map(
  Object.entries(machines).map(([name, machine]) => [`${name}.md`, machinePage(name, machine)]),
);

if (process.argv.includes('--check')) check();
else write();

function write() {
  for (const [file, page] of pages) writeFileSync(join(folder, file), page);
  for (const file of strangers()) rmSync(join(folder, file));
  process.stderr.write(`wrote ${pages.size} pages into docs/machines\n`);
}

function check() {
  const findings = [
    ...[...pages].flatMap(([file, page]) => difference(file, page)),
    ...strangers().map((file) => `docs/machines/${file} belongs to no machine`),
  ];
  if (findings.length === 0) return;
  process.stderr.write(`${findings.join('\n')}\nrun \`npm run diagrams\` and look at the change\n`);
  process.exitCode = 1;
}

function difference(file, page) {
  const path = join(folder, file);
  if (!existsSync(path)) return [`docs/machines/${file} is missing`];
  const kept = readFileSync(path, 'utf8').split('\n');
  const made = page.split('\n');
  const index = made.findIndex((line, at) => line !== kept[at]);
  if (index === -1 && kept.length === made.length) return [];
  const at = index === -1 ? made.length : index;
  return [
    `docs/machines/${file}:${at + 1} differs from the code`,
    `  page: ${kept[at] ?? '(ends)'}`,
    `  code: ${made[at] ?? '(ends)'}`,
  ];
}

function strangers() {
  return readdirSync(folder).filter((file) => file.endsWith('.md') && !pages.has(file));
}
