// Scenarios that once broke an invariant, made small: none may break one again.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseScenario } from '../../src/simulation/scenario-codec.ts';
import { judge } from '../../src/simulation/seed-result.ts';

const folder = join(import.meta.dirname, 'kept');
const files = readdirSync(folder).filter((name) => name.endsWith('.json'));

test('there are some', () => expect(files.length).toBeGreaterThan(0));

test.each(files)('%s breaks nothing', { timeout: 60_000 }, (file) => {
  const scenario = parseScenario(readFileSync(join(folder, file), 'utf8'));
  expect(judge(scenario, { isReplayed: true }).violations).toEqual([]);
});
