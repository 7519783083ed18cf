// The runs of a data folder as the database sees them: who they are, and how their journals are
// read.
import { toSeq } from '../domain/index.ts';
import type { RunFolder } from '../journal/index.ts';
import { JournalFollower, lastWrittenSeq, listRuns, readJournal } from '../journal/index.ts';
import { readRunAbout } from '../journal/index.ts';
import type { FollowedRun, JournaledRun } from '../storage/index.ts';

export type StoredRun = JournaledRun & FollowedRun;

/** Oldest first. */
export const storedRuns = (dataPath: string): readonly StoredRun[] =>
  listRuns(dataPath).map(toStoredRun);

function toStoredRun(run: RunFolder): StoredRun {
  const { runId, engineVersion, createdAtMs } = readRunAbout(run.path);
  return {
    identity: { runId, engineVersion, createdAtMs },
    read: () => readJournal(run),
    lastSeq: () => lastWrittenSeq(run),
    follow: (firstSeq) => new JournalFollower(run, toSeq(firstSeq)),
  };
}
