// Runs every bench in turn, or those whose name contains a word: `npm run bench discover`. Figures
// are ratios against a bound that is measured in the same run.
import { readdirSync } from 'node:fs';

import { registerTypeScript } from '../scripts/loader.js';

registerTypeScript();
const wanted = process.argv[2] ?? '';
const benches = readdirSync(import.meta.dirname)
  .filter((name) => name.endsWith('.ts') && name.includes(wanted))
  .sort();
for (const name of benches) {
  process.stdout.write(`\n${name}\n`);
  await import(`./${name}`);
}
