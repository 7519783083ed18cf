// The journal as the checker reads it: lines of text become records with who wrote them and when
// they were safe. A chain is one run of one engine: it begins with `run.started` and goes on over
// every restart.
import type { JournalLine, RunEvidence } from '../evidence.ts';
import { at, listAt, numberAt, textAt } from './json.ts';

export interface ReadTransition {
  readonly actor: string;
  readonly from: string;
  readonly event: string;
  readonly to: string;
  readonly changed: unknown;
}

export interface ReadRecord {
  readonly seq: number;
  /** By the clock of the engine. */
  readonly engineAtMs: number;
  /** World time at which the journal took it. */
  readonly atMs: number;
  readonly durableAtMs: number | null;
  readonly life: number;
  readonly engineId: string;
  /** Names the run of an engine: ids of trades are unique within it. */
  readonly chain: string;
  readonly input: unknown;
  readonly inputType: string;
  readonly transitions: readonly ReadTransition[];
  readonly effects: readonly unknown[];
  readonly hash: string;
  /** All that the line says, parsed. */
  readonly value: unknown;
  readonly line: JournalLine;
}

export interface UnreadableLine {
  readonly line: JournalLine;
  readonly cause: string;
}

export function readJournal({ journal, lives }: RunEvidence): {
  readonly records: readonly ReadRecord[];
  readonly unreadable: readonly UnreadableLine[];
} {
  const engineOf = new Map(lives.map(({ life, engineId }) => [life, engineId]));
  const chainCounts = new Map<string, number>();
  const records: ReadRecord[] = [];
  const unreadable: UnreadableLine[] = [];
  for (const line of journal) {
    const value = parsed(line.text);
    if (value === undefined) {
      unreadable.push({ line, cause: 'not a JSON value' });
      continue;
    }
    const engineId = engineOf.get(line.life) ?? '?';
    const startsChain = textAt(value, 'input', 'type') === 'run.started';
    const count = (chainCounts.get(engineId) ?? 0) + (startsChain ? 1 : 0);
    chainCounts.set(engineId, count);
    records.push(toRecord(line, value, engineId, `${engineId}${count}`));
  }
  return { records, unreadable };
}

function toRecord(line: JournalLine, value: unknown, engineId: string, chain: string): ReadRecord {
  return {
    seq: numberAt(value, 'seq'),
    engineAtMs: numberAt(value, 'atMs'),
    atMs: line.appendedAtMs,
    durableAtMs: line.durableAtMs,
    life: line.life,
    engineId,
    chain,
    input: at(value, 'input'),
    inputType: textAt(value, 'input', 'type'),
    transitions: listAt(value, 'transitions').map((transition) => ({
      actor: textAt(transition, 'actor'),
      from: textAt(transition, 'from'),
      event: textAt(transition, 'event'),
      to: textAt(transition, 'to'),
      changed: at(transition, 'changed'),
    })),
    effects: listAt(value, 'effects'),
    hash: textAt(value, 'hash'),
    value,
    line,
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Enough of a record to find it again. */
export const shown = ({ seq, life, inputType, line }: ReadRecord): string =>
  `record ${seq} of life ${life} (${inputType}): ${line.text.slice(0, 300)}`;

/** Whether a person is called with this code. */
export const raises = ({ effects }: ReadRecord, code: string): boolean =>
  effects.some((effect) => textAt(effect, 'code') === code);
