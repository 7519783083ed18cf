// `node main replay [run]`: runs the recorded inputs through today's machines and compares
// everything that came of them.
import { Kernel, replay } from '../../kernel/index.ts';
import type { Divergence, ReplayResult } from '../../kernel/index.ts';
import type { StepRecord } from '../../domain/index.ts';
import type { JournalEntry, RunFolder, TornTail } from '../../journal/index.ts';
import { readJournal } from '../../journal/index.ts';
import type { ExitName } from '../exit-code.ts';
import { noRecords, tellingDamage, tornText } from '../journal-state.ts';
import type { ReadFlags } from '../read-flags.ts';
import { runToRead } from '../read-flags.ts';
import { replayFromSnapshot } from '../run-snapshot.ts';
import type { Restored } from '../run-snapshot.ts';

/** What the journal itself was like, beside what it says. */
interface Seen {
  damage: JournalEntry | undefined;
  torn: TornTail | undefined;
}

export function replayRun(wanted: string | undefined, flags: ReadFlags): ExitName {
  const run = runToRead(flags, wanted);
  const seen: Seen = { damage: undefined, torn: undefined };
  const result = tellingDamage(run, { identical: false }, flags, () =>
    replay(recordsOf(run, seen), new Kernel()),
  );
  const { inputs, transitions, headHash, divergence } = result;
  const { damage, torn } = seen;
  if (inputs === 0) throw noRecords(run);
  const isWhole = divergence === undefined && damage === undefined;
  const restored = isWhole ? replayFromSnapshot(run, { records: inputs, headHash }) : undefined;
  const identical = isWhole && restored?.identical !== false;
  if (flags.json === true) {
    const sides = divergence === undefined ? {} : { divergence };
    const place = damage && { file: damage.file, offset: damage.offset, cause: damage.damage };
    const about = { runDir: run.path, torn: torn ?? null, restored: restored ?? null, ...sides };
    const found = { identical, inputs, transitions, headHash, ...about };
    process.stdout.write(`${JSON.stringify({ ...found, ...(place && { damage: place }) })}\n`);
  } else {
    process.stdout.write(replayText(run, result, { ...seen, restored }));
  }
  return identical ? 'success' : 'diverged';
}

/** A record whose bytes were changed is compared all the same, so that both sides can be shown. */
function* recordsOf(run: RunFolder, seen: Seen): Generator<StepRecord> {
  const entries = readJournal(run, { damage: 'show' });
  let step = entries.next();
  while (step.done !== true) {
    if (step.value.damage !== undefined) seen.damage ??= step.value;
    yield step.value.record;
    step = entries.next();
  }
  seen.torn = step.value.torn;
}

function replayText(
  run: RunFolder,
  { inputs, transitions, headHash, divergence }: ReplayResult,
  { damage, torn, restored }: Seen & { readonly restored: Restored | undefined },
): string {
  const figures = `${inputs} inputs, ${transitions} transitions, head ${headHash.slice(0, 16)}`;
  const damageText =
    damage === undefined
      ? ''
      : `damaged: ${damage.file} at byte ${damage.offset}: ${damage.damage ?? ''}\n`;
  if (divergence !== undefined) return `${run.runId} DIVERGES\n${damageText}${sides(divergence)}`;
  if (damage !== undefined) return `${run.runId} is DAMAGED\n${damageText}`;
  if (restored?.identical === false) {
    return `${run.runId} DIVERGES from its snapshot at record ${restored.seq}\n`;
  }
  const again = restored === undefined ? '' : `, also from its snapshot at ${restored.seq}`;
  return `${run.runId} is identical: ${figures}${again}${tornText(torn)}\n`;
}

const sides = ({ seq, part, recorded, replayed }: Divergence): string =>
  `record ${seq}, ${part}\n` +
  `  recorded  ${sideText(recorded)}\n` +
  `  replayed  ${sideText(replayed)}\n`;

const sideText = (side: unknown): string => (side === undefined ? 'nothing' : JSON.stringify(side));
