// The result of a run, and the copy of it that the end of a process leaves beside the journal, so
// that a list of runs need not read every journal. The journal is the truth: a copy that does not
// end where the journal ends, as of a run that went on since, is none.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { tradeCountsSchema } from '../control/index.ts';
import type { RunFolder } from '../journal/index.ts';
import { isArchived, lastWrittenSeq, listSegments, writeDurably } from '../journal/index.ts';
import type { RunSummary } from '../operator/run-summary.ts';

export interface RunResult extends RunSummary {
  readonly runDir: string;
  readonly exitReason: string;
}

const RESULT_VERSION = 1;

/** What is read of a copy; it holds the whole result. */
const keptSchema = z.object({
  format: z.literal('trinity-result'),
  version: z.literal(RESULT_VERSION),
  engineState: z.string(),
  exitReason: z.string(),
  inputs: z.number(),
  trades: tradeCountsSchema,
  profit: z.object({ totalUsd: z.string().regex(/^-?\d+(\.\d+)?$/) }),
});

export type KeptResult = Readonly<z.output<typeof keptSchema>>;

const pathOf = (run: RunFolder): string => join(run.path, 'result.json');

export function writeResult(
  run: RunFolder,
  result: RunResult & { readonly engineState: string },
): void {
  const head = { format: 'trinity-result', version: RESULT_VERSION };
  writeDurably(pathOf(run), `${JSON.stringify({ ...head, ...result })}\n`);
}

/** Absent where there is none that can be read, or that the journal has outgrown. */
export function readResult(run: RunFolder): KeptResult | undefined {
  const { data } = keptSchema.safeParse(parsed(pathOf(run)));
  if (data === undefined) return undefined;
  const last = listSegments(run.path).at(-1);
  // Nobody writes what is archived, and its end would have to be unpacked.
  const isAtTheEnd =
    last !== undefined && (isArchived(last) || lastWrittenSeq(run) === data.inputs);
  return isAtTheEnd ? data : undefined;
}

function parsed(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}
