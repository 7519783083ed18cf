// A head that left the machine: one line, `<run> <record>:<hash>`, that can be printed, mailed or
// notarised. A journal that was rewritten as a whole is in itself without a fault; only a head that
// somebody kept elsewhere tells it apart from the one that was written.
import { existsSync, readFileSync } from 'node:fs';
import type { StepRecord } from '../../domain/index.ts';
import { JournalError } from '../../journal/index.ts';
import type { RunFolder } from '../../journal/index.ts';
import { Failure } from '../exit-code.ts';

export interface ExportedHead {
  readonly seq: number;
  readonly hash: string;
}

export const headLine = (runId: string, { seq, hash }: ExportedHead): string =>
  `${runId} ${seq}:${hash}`;

/** What stands behind the hash is for people: what became of the run. */
const LINE = /^(?:(\S+) )?([1-9]\d*):([0-9a-f]{64})(?: .*)?$/;

/** The heads of this run in `text`: a head, or the name of a file with one on each line. */
export function headsOf(run: RunFolder, text: string): readonly ExportedHead[] {
  const isFile = !LINE.test(text);
  if (isFile && !existsSync(text)) {
    const allowed = 'a head like 518:fb29… as `node main head` prints it, or a file of them';
    throw new Failure('usage', `--head must be ${allowed}, found "${text}"`);
  }
  const lines = isFile ? readFileSync(text, 'utf8').split(/\r?\n/) : [text];
  const heads = lines.filter((line) => line.trim() !== '').map((line) => parse(line, text));
  const own = heads.filter(({ runId }) => runId === undefined || runId === run.runId);
  if (own.length > 0) return own;
  const others = heads.map(({ runId }) => runId).join(', ');
  const found = others === '' ? 'it is empty' : `it has ${others}`;
  throw new Failure('usage', `--head ${text} has no head of run ${run.runId}; ${found}`);
}

function parse(line: string, source: string): ExportedHead & { readonly runId?: string } {
  const [, runId, seq, hash] = LINE.exec(line.trim()) ?? [];
  if (seq === undefined || hash === undefined) {
    throw new Failure('usage', `--head ${source}: "${line.slice(0, 80)}" is no head of a journal`);
  }
  return { seq: Number(seq), hash, ...(runId === undefined ? {} : { runId }) };
}

/** Sees a journal's records go by and says at its end whether it is the one the heads are of. */
export class HeadCheck {
  readonly #heads: readonly ExportedHead[];
  readonly #found = new Map<number, string>();

  constructor(heads: readonly ExportedHead[]) {
    this.#heads = heads;
  }

  see({ seq, hash }: StepRecord): void {
    if (this.#heads.some((head) => head.seq === seq)) this.#found.set(seq, hash);
  }

  finish(run: RunFolder, records: number): void {
    for (const { seq, hash } of this.#heads) {
      const found = this.#found.get(seq);
      if (found === hash) continue;
      const text =
        found === undefined
          ? `the exported head stands at record ${seq}, the journal ends at ${records}`
          : `record ${seq} carries hash ${found}, the exported head says ${hash}: ` +
            'this is not the journal that the head was taken of';
      throw new JournalError('journal.other-head', text, { file: run.path });
    }
  }
}
