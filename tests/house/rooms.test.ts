// Every import under src/ and machines/ obeys the table of rooms, and the table is believed only
// because planted violations are caught.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { roomOf, rooms, violations } from './rooms.ts';
import { filesUnder, importsOf, projectDir } from './source-tree.ts';

const files = ['src', 'machines'].flatMap((folder) => filesUnder(folder, ['.ts', '.tsx']));

const isVerb = (path: string): boolean => path.startsWith('src/cli/verbs/');

describe('the rooms', () => {
  test('every file is in exactly one room', () => {
    expect(files.length).toBeGreaterThan(20);
    expect(files.filter(({ path }) => roomOf(path) === undefined)).toEqual([]);
  });

  test('every import obeys the table', () => {
    expect(files.flatMap(violations)).toEqual([]);
  });

  test('only the command line itself names a verb', () => {
    const naming = files.filter((file) =>
      importsOf(file).some((target) => target.kind === 'file' && isVerb(target.path)),
    );
    const others = naming.filter(({ path }) => !isVerb(path)).map(({ path }) => path);
    const commands = ['audit-commands', 'engine-commands', 'program', 'simulate-command'];
    expect(others.toSorted()).toEqual(commands.map((name) => `src/cli/${name}.ts`));
  });

  test('every package that runs in production is a dependency, not a tool for development', () => {
    const manifest = JSON.parse(readFileSync(join(projectDir, 'package.json'), 'utf8')) as {
      readonly dependencies: Readonly<Record<string, string>>;
    };
    const names = files
      .flatMap(importsOf)
      .flatMap((target) => (target.kind === 'package' ? [target.name] : []))
      .filter((name) => !name.startsWith('node:'))
      .map((name) => /^(@[^/]+\/)?[^/]+/.exec(name)?.[0] ?? name);
    expect(names.filter((name) => manifest.dependencies[name] === undefined)).toEqual([]);
  });

  test('every room in a list exists', () => {
    const named = Object.values(rooms).flatMap((room) => (room.rooms === 'all' ? [] : room.rooms));
    expect(named.filter((name) => rooms[name] === undefined)).toEqual([]);
  });

  test('a pure room imports only pure rooms', () => {
    const leaks = Object.entries(rooms).flatMap(([name, room]) =>
      room.isPure && room.rooms !== 'all'
        ? room.rooms.filter((other) => rooms[other]?.isPure !== true).map((to) => `${name} ${to}`)
        : [],
    );
    expect(leaks).toEqual([]);
  });
});

describe('a planted violation is caught', () => {
  test.each([
    ['src/domain/price.ts', "import { vwap } from '../pricing/vwap.ts';"],
    ['src/domain/price.ts', "import { readFileSync } from 'node:fs';"],
    ['src/pricing/vwap.ts', "import { Decimal } from 'decimal.js';"],
    ['src/strategies/funding-carry/plan.ts', "import type { Venue } from '../../ports/index.ts';"],
    ['src/strategies/funding-carry/plan.ts', "export * from '../../kernel/index.ts';"],
    ['machines/trade/trade-machine.ts', "import { step } from '../../src/kernel/index.ts';"],
    ['machines/trade/trade-machine.ts', "type A = import('../../src/venues/okx/feed.ts').A;"],
    ['src/kernel/step.ts', "const later = await import('../runtime/index.ts');"],
    ['src/venues/okx/feed.ts', "import { append } from '../../journal/segment.ts';"],
    ['src/sandbox/okx/server.ts', "import { okxFeed } from '../../venues/okx/okx-feed.ts';"],
    ['src/runtime/shell.ts', "import { expect } from '../../tests/shared-data.ts';"],
    ['src/nowhere/file.ts', ''],
  ])('%s: %s', (path, text) => {
    expect(violations({ path, text })).toHaveLength(1);
  });

  test.each([
    ['src/domain/decimal.ts', "import { Decimal } from 'decimal.js';"],
    ['src/pricing/vwap.ts', "import type { Price } from '../domain/index.ts';"],
    ['src/pricing/vwap.ts', "import type { Cost } from './cost.ts';"],
    ['machines/trade/trade-machine.ts', "import { setup } from 'xstate';"],
    ['src/sandbox/okx/server.ts', "import { book } from '../../venues/okx/okx-schema.ts';"],
    ['src/cli/run.ts', "import { createShell } from '../runtime/index.ts';"],
    ['src/venues/okx/feed.ts', "import { WebSocket } from 'ws';"],
  ])('while this is allowed: %s: %s', (path, text) => {
    expect(violations({ path, text })).toEqual([]);
  });
});
