// Finds recorded market data that lives outside the project. A test that needs it asks here, and
// skips itself (`test.skipIf(path === undefined)`) when the answer is undefined. It never
// downloads, copies or changes anything.
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const projectDir = fileURLToPath(new URL('../', import.meta.url));

/** Path of a file or folder of the recorded data, or undefined and one line that says so. */
export function sharedData(name: string): string | undefined {
  const root = process.env['TRINITY_SHARED_DATA'] ?? '../shared/data';
  const path = resolve(projectDir, root, name);
  if (existsSync(path)) return path;
  console.warn(`skipped: recorded data '${name}' is absent (looked for ${path})`);
  return undefined;
}
