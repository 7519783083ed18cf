// I8: every record carries the hash over the one before it and its own words, numbers follow each
// other, time never runs back, each life of an engine goes on where the former ended, and the same
// inputs give the same head again.
import { createHash } from 'node:crypto';

import type { Violation } from '../evidence.ts';
import { at, listAt } from './json.ts';
import type { ReadRecord } from './journal-reading.ts';
import { shown } from './journal-reading.ts';
import type { Run } from './run-reading.ts';

const GENESIS = '0'.repeat(64);

export function checkChain(run: Run): readonly Violation[] {
  const unreadable = run.unreadable.map(({ line, cause }) => ({
    invariant: 'I8',
    atMs: line.appendedAtMs,
    text: `a line of life ${line.life} in the journal is ${cause}`,
    evidence: [line.text.slice(0, 300)],
  }));
  const engineIds = [...new Set(run.records.map(({ engineId }) => engineId))];
  const chains = engineIds.flatMap((engineId) =>
    brokenLinks(run.records.filter((record) => record.engineId === engineId)),
  );
  return [...unreadable, ...chains, ...differingReplay(run)];
}

function brokenLinks(records: readonly ReadRecord[]): readonly Violation[] {
  let previous: ReadRecord | undefined;
  return records.flatMap((record) => {
    const before = record.inputType === 'run.started' ? undefined : previous;
    const violations = [...linkFaults(record, before), ...lifeFaults(record, previous)];
    previous = record;
    return violations;
  });
}

function linkFaults(record: ReadRecord, before: ReadRecord | undefined): readonly Violation[] {
  const faults: string[] = [];
  const expectedSeq = (before?.seq ?? 0) + 1;
  if (record.seq !== expectedSeq) {
    faults.push(`record ${record.seq} stands where ${expectedSeq} is due`);
  }
  if (record.hash !== hashOf(record, before?.hash ?? GENESIS)) {
    faults.push(`the hash of record ${record.seq} does not cover it and the one before`);
  }
  if (before !== undefined && record.engineAtMs < before.engineAtMs) {
    faults.push(`time runs back from ${before.engineAtMs} to ${record.engineAtMs}`);
  }
  return faults.map((text) => violationAt(record, text));
}

/** A first record other than `run.resumed` forgets what the life before it owed. */
function lifeFaults(record: ReadRecord, previous: ReadRecord | undefined): readonly Violation[] {
  if (previous === undefined || previous.life === record.life) return [];
  if (record.inputType === 'run.resumed') return [];
  if (record.inputType === 'run.started' && isStopped(previous.chain, [previous])) return [];
  const text = `life ${record.life} does not go on where life ${previous.life} ended`;
  return [violationAt(record, text)];
}

const isStopped = (chain: string, records: readonly ReadRecord[]): boolean =>
  records.some(
    (record) =>
      record.chain === chain &&
      record.transitions.some(({ actor, to }) => actor === 'engine' && to === 'stopped'),
  );

function hashOf({ value }: ReadRecord, previousHash: string): string {
  const body = [
    at(value, 'seq'),
    at(value, 'atMs'),
    at(value, 'input'),
    listAt(value, 'transitions'),
    listAt(value, 'effects'),
  ];
  return createHash('sha256')
    .update(`${previousHash}\n${JSON.stringify(body)}`)
    .digest('hex');
}

function differingReplay({ evidence, records }: Run): readonly Violation[] {
  const { replay } = evidence;
  const last = records.at(-1);
  if (replay === null || last === undefined) return [];
  if (replay.divergedAtSeq !== null) {
    const record = records.find(({ seq }) => seq === replay.divergedAtSeq) ?? last;
    const text = `the same inputs come out differently at record ${replay.divergedAtSeq}`;
    return [violationAt(record, text)];
  }
  if (replay.headHash === last.hash) return [];
  return [violationAt(last, `the same inputs end in ${replay.headHash}, not in ${last.hash}`)];
}

const violationAt = (record: ReadRecord, text: string): Violation => ({
  invariant: 'I8',
  atMs: record.atMs,
  text,
  evidence: [shown(record)],
});
