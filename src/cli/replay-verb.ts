// `node main replay [run]`: runs the recorded inputs through today's machines and compares
// everything that came of them.
import { Kernel, replay } from '../kernel/index.ts';
import type { Divergence, ReplayResult } from '../kernel/index.ts';
import type { StepRecord } from '../domain/index.ts';
import type { JournalEntry, RunFolder } from '../journal/index.ts';
import { findRun, readJournal } from '../journal/index.ts';
import type { ExitName } from './exit-code.ts';
import type { ReadFlags } from './read-flags.ts';
import { dataFolderOf } from './read-flags.ts';

export function replayRun(wanted: string | undefined, flags: ReadFlags): ExitName {
  const run = findRun(dataFolderOf(flags), wanted);
  const damaged: JournalEntry[] = [];
  const result = replay(recordsOf(run, damaged), new Kernel());
  const { inputs, transitions, headHash, divergence } = result;
  const [damage] = damaged;
  const identical = divergence === undefined && damage === undefined;
  if (flags.json === true) {
    const sides = divergence === undefined ? {} : { divergence };
    const place = damage && { file: damage.file, offset: damage.offset, cause: damage.damage };
    const found = { identical, inputs, transitions, headHash, runDir: run.path, ...sides };
    process.stdout.write(`${JSON.stringify({ ...found, ...(place && { damage: place }) })}\n`);
  } else {
    process.stdout.write(replayText(run, result, damage));
  }
  return identical ? 'success' : 'diverged';
}

/** A record whose bytes were changed is compared all the same, so that both sides can be shown. */
function* recordsOf(run: RunFolder, damaged: JournalEntry[]): Generator<StepRecord> {
  for (const entry of readJournal(run, { damage: 'show' })) {
    if (entry.damage !== undefined) damaged.push(entry);
    yield entry.record;
  }
}

function replayText(
  run: RunFolder,
  { inputs, transitions, headHash, divergence }: ReplayResult,
  damage: JournalEntry | undefined,
): string {
  const figures = `${inputs} inputs, ${transitions} transitions, head ${headHash.slice(0, 16)}`;
  const damageText =
    damage === undefined
      ? ''
      : `damaged: ${damage.file} at byte ${damage.offset}: ${damage.damage ?? ''}\n`;
  if (divergence !== undefined) return `${run.runId} DIVERGES\n${damageText}${sides(divergence)}`;
  if (damage !== undefined) return `${run.runId} is DAMAGED\n${damageText}`;
  return `${run.runId} is identical: ${figures}\n`;
}

const sides = ({ seq, part, recorded, replayed }: Divergence): string =>
  `record ${seq}, ${part}\n` +
  `  recorded  ${recorded === undefined ? 'nothing' : JSON.stringify(recorded)}\n` +
  `  replayed  ${replayed === undefined ? 'nothing' : JSON.stringify(replayed)}\n`;
