// `npm run diagrams` writes a page for every machine into docs/machines; with --check it writes
// nothing and exits 1 when a page differs from the code, is missing or belongs to no machine.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { registerTypeScript } from './loader.js';

registerTypeScript();
const { machines } = await import('../machines/index.ts');
const { machinePage } = await import('./machine-page.ts');
const { pageFindings } = await import('./page-findings.ts');

const folder = fileURLToPath(new URL('../docs/machines/', import.meta.url));
mkdirSync(folder, { recursive: true });
const made = new Map(
  Object.entries(machines).map(([name, machine]) => [`${name}.md`, machinePage(name, machine)]),
);
const kept = new Map(
  readdirSync(folder)
    .filter((file) => file.endsWith('.md'))
    .map((file) => [file, readFileSync(join(folder, file), 'utf8')]),
);

if (process.argv.includes('--check')) {
  const findings = pageFindings(kept, made);
  if (findings.length > 0) {
    process.stderr.write(
      `${findings.join('\n')}\nrun \`npm run diagrams\`, then read the change\n`,
    );
    process.exitCode = 1;
  }
} else {
  for (const file of kept.keys()) if (!made.has(file)) rmSync(join(folder, file));
  for (const [file, page] of made) writeFileSync(join(folder, file), page);
  process.stderr.write(`wrote ${made.size} pages into docs/machines\n`);
}
