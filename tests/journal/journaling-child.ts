// A process of its own for tests that kill, starve or race one. Usage: <task> <data or run path>
// [bytes of a segment]. Speaks in lines on stdout, a file, written synchronously: a killed process
// has said what it knew.
import { writeSync } from 'node:fs';
import { basename } from 'node:path';
import { toMs, toSeq, toVenueId } from '../../src/domain/index.ts';
import { FileJournal, lockData, SyncJournal } from '../../src/journal/index.ts';

const say = (line: string): number => writeSync(1, `${line}\n`);
const [, , task, path = '', segmentBytes] = process.argv;
const options = segmentBytes === undefined ? {} : { segmentBytesMax: Number(segmentBytes) };

function journalUntilKilled(kind: string): void {
  const run = { runId: basename(path), path };
  const journal = kind === 'file' ? new FileJournal(run, options) : new SyncJournal(run, options);
  journal.onFailure((error) => {
    say(`failed ${error.message}`);
    process.exit(0);
  });
  let seq = 0;
  const burst = (): void => {
    for (let count = 0; count < 20; count += 1) {
      seq += 1;
      const record = {
        seq: toSeq(seq),
        atMs: toMs(seq),
        input: { type: 'account.unavailable', venueId: toVenueId('okx'), cause: 'x' } as const,
        transitions: [],
        effects: [],
        hash: String(seq),
      };
      journal.append(record);
      journal.whenDurable(record.seq, () => say(`durable ${record.seq}`));
    }
    setImmediate(burst);
  };
  burst();
}

if (task === 'lock') {
  lockData(path);
  say(`locked ${process.pid}`);
  setInterval(() => {}, 1_000);
} else {
  journalUntilKilled(task ?? '');
}
