// The judge of simulated runs: silent where a run written by hand keeps its promises.
import { readdirSync, readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import { check } from '../../src/simulation/checker/checker.ts';
import { command, firstSent, given, inTime, restart, stepOf, verdict } from './written-changes.ts';
import type { Row } from './written-changes.ts';
import { evidenceOf, instrument, moved, step, writtenRun } from './written-run.ts';

const ROWS: readonly Row[] = [
  [
    'I1',
    'an order that leaves as its record becomes safe',
    (run) => {
      for (const sent of firstSent(run)) sent.atMs = 1_001;
    },
  ],
  [
    'I4',
    'a leg alone while its venue takes no orders',
    (run) => {
      for (const fill of run.venues.b.executions.slice(0, 2)) fill.filledAtMs = 3_000;
      run.venues.a.impaired.push({ fromAtMs: 1_000, toAtMs: 2_500 });
      for (const at of [2, 3]) stepOf(run, 'order.filled', at).atMs = 1_300;
      run.steps.sort((left, right) => left.atMs - right.atMs);
    },
  ],
  [
    'I4',
    'a leg alone for the pause after a partial fill',
    (run) => {
      for (const fill of run.venues.b.executions.slice(0, 2)) fill.filledAtMs = 2_300;
      run.rest.faults.push({ kind: 'partial', venueId: 'a', fromAtMs: 1_500, toAtMs: 1_500 });
    },
  ],
  [
    'I5',
    'a refusal of our own for an order that never left',
    (run) => {
      run.steps.push(step(50_000, { type: 'order.rejected', clientOrderId: 'never sent' }));
    },
  ],
  [
    'I6',
    'a fill that is heard again and counted once',
    (run) => {
      const again = stepOf(run, 'order.filled', 7);
      run.steps.push({ ...again, atMs: 41_000, transitions: [] });
    },
  ],
  [
    'I7',
    'an entry after bad data was over',
    (run) => {
      run.rest.badData.push({
        instrumentId: instrument('a'),
        kind: 'gapped',
        fromAtMs: 0,
        toAtMs: 900,
      });
    },
  ],
  ['I8', 'a life that goes on where the former ended', (run) => restart(run, 'run.resumed')],
  [
    'I11',
    'reducing orders after a kill',
    (run) => {
      given(run, 30_000, 'operator.kill');
      const killed = [moved('engine', 'running', 'killed')];
      inTime(run, step(30_000, { type: 'operator.kill', reason: 'test' }, killed));
    },
  ],
  [
    'I14',
    'orders from the holder of the lease',
    (run) => {
      run.rest.leases.push({ engineId: 'a', fence: 1, fromAtMs: 0, toAtMs: 120_000 });
    },
  ],
  [
    'I16',
    'a command that was given and journaled',
    (run) => {
      given(run, 100_000, 'operator.halt');
      command(run, 100_000, 'operator.halt', [moved('engine', 'running', 'halted')]);
    },
  ],
];

describe('the checker', () => {
  it.each(ROWS)('lets %s hold: %s', (_, __, change) => {
    expect(verdict(change)).toEqual([]);
  });
  it('finds nothing in a run in which all was well', () => {
    expect(check(evidenceOf(writtenRun()))).toEqual([]);
  });
  it('finds one changed digit in a record that is otherwise whole', () => {
    const evidence = evidenceOf(writtenRun());
    const journal = evidence.journal.map((line) => ({
      ...line,
      text: line.text
        .replace('"20020"', '"20021"')
        .replace('"equityUsd":"5000"', '"equityUsd":"5001"'),
    }));
    const found = check({ ...evidence, journal }).map(({ invariant }) => invariant);
    expect(new Set(found)).toEqual(new Set(['I8']));
  });
  it('reads the evidence and nothing of the engine', () => {
    const folder = new URL('../../src/simulation/checker/', import.meta.url);
    const imports = readdirSync(folder).flatMap((file) => {
      const text = readFileSync(new URL(file, folder), 'utf8');
      return [...text.matchAll(/from '([^']+)'/g)].map(([, name]) => name);
    });
    const foreign = imports.filter(
      (name) => name !== 'node:crypto' && name !== '../evidence.ts' && !name?.startsWith('./'),
    );
    expect(foreign).toEqual([]);
  });
});
