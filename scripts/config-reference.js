// `npm run config-reference` writes the table of every key into docs/CONFIGURATION.md; with --check
// it writes nothing and exits 1 when the page differs from the schema or from config.yaml.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { registerTypeScript } from './loader.js';

registerTypeScript();
const { configReference, withReference } = await import('./config-page.ts');

const pathOf = (name) => fileURLToPath(new URL(`../${name}`, import.meta.url));
const pagePath = pathOf('docs/CONFIGURATION.md');
const kept = readFileSync(pagePath, 'utf8');
const reference = configReference(readFileSync(pathOf('config.yaml'), 'utf8'));
const options = { ...(await resolveConfig(pagePath)), filepath: pagePath };
const made = await format(withReference(kept, reference), options);

if (!process.argv.includes('--check')) {
  writeFileSync(pagePath, made);
  process.stderr.write('wrote docs/CONFIGURATION.md\n');
} else if (made !== kept) {
  const [keptLines, madeLines] = [kept.split('\n'), made.split('\n')];
  const at = madeLines.findIndex((line, index) => line !== keptLines[index]);
  process.stderr.write(
    `docs/CONFIGURATION.md:${at + 1} differs from the code\n` +
      `  page: ${keptLines[at] ?? ''}\n  code: ${madeLines[at] ?? ''}\n` +
      'run `npm run config-reference`, then read the change\n',
  );
  process.exitCode = 1;
}
