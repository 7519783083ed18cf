// A run that goes on beside a server of its own, which a test may hurt: what it is told, what it
// stores, and the tables as they must be in the end.
import { afterEach, beforeAll } from 'vitest';
import { toSeq } from '../../src/domain/index.ts';
import type { Seq } from '../../src/domain/index.ts';
import { findRun, JournalFollower, lastWrittenSeq } from '../../src/journal/index.ts';
import type { StoreNews } from '../../src/ports/index.ts';
import { LiveProjection, openDatabase, rebuildWork, remake } from '../../src/storage/index.ts';
import type { Database, FollowedRun, JournaledRun } from '../../src/storage/index.ts';
import { ownServer } from './own-server.ts';
import type { OwnServer } from './own-server.ts';
import { dump, entriesOf, recordTenMinutes } from './projected-run.ts';
import type { ProjectedRun } from './projected-run.ts';

const PACE = { retryMsMin: 10, retryMsMax: 100 };
/** A query of the live projection that takes longer is given up; other work is patient. */
const QUERY_WITHIN_MS = 500;
const PATIENT_MS = 60_000;

export type Tables = Awaited<ReturnType<typeof dump>>;

export class LiveStage {
  readonly recorded: ProjectedRun;
  readonly server: OwnServer;
  readonly lastSeq: Seq;
  readonly #live: LiveProjection[] = [];

  constructor(recorded: ProjectedRun, server: OwnServer) {
    this.recorded = recorded;
    this.server = server;
    this.lastSeq = toSeq(recorded.records.length);
  }

  open(queryWithinMs = PATIENT_MS, databaseUrl = this.server.url): Promise<Database> {
    return openDatabase({ databaseUrl, dataPath: '', queryWithinMs });
  }

  async tables(): Promise<Tables> {
    const database = await this.open();
    return dump(database).finally(() => database.close());
  }

  /** What a fresh rebuild makes. */
  async rebuilt(): Promise<Tables> {
    const database = await this.open();
    await remake(database);
    await rebuildWork(database, [this.run()], () => undefined);
    const tables = await dump(database);
    await remake(database);
    await database.close();
    return tables;
  }

  async clear(): Promise<void> {
    for (const each of this.#live.splice(0)) each.finish(0);
    const database = await this.open();
    await remake(database);
    await database.close();
  }

  run(): JournaledRun & FollowedRun {
    const { records, identity, dataFolder } = this.recorded;
    const folder = findRun(dataFolder);
    return {
      identity,
      *read() {
        yield* entriesOf(records);
        return { lastSeq: records.length, torn: undefined };
      },
      lastSeq: () => lastWrittenSeq(folder),
      follow: (firstSeq) => new JournalFollower(folder, toSeq(firstSeq)),
    };
  }

  following(
    parts: {
      readonly run?: FollowedRun;
      readonly endedRuns?: readonly FollowedRun[];
      readonly url?: string;
    } = {},
  ) {
    const { run = this.run(), endedRuns = [], url } = parts;
    const news: StoreNews[] = [];
    const looks: (() => void)[] = [];
    const projection = new LiveProjection({
      ...{ run, endedRuns, pace: PACE },
      open: () => this.open(QUERY_WITHIN_MS, url),
      onNews: (each) => {
        news.push(each);
        for (const look of looks) look();
      },
    });
    this.#live.push(projection);
    const ended = projection.work();
    const heard = (type: StoreNews['type']): Promise<void> =>
      new Promise((resolve) => {
        const look = (): void => {
          if (news.some((each) => each.type === type)) resolve();
        };
        looks.push(look);
        look();
      });
    const finished = async (): Promise<number> => {
      projection.finish(30_000);
      await ended;
      return projection.storedSeq;
    };
    /** A record at a time, as a run goes on. */
    const goOn = async (from: number, to: number): Promise<void> => {
      for (let seq = from; seq <= to; seq += 1) {
        projection.follow(toSeq(seq));
        if (seq % 10 === 0) await new Promise((resolve) => setImmediate(resolve));
      }
    };
    const stored = async (seq: number): Promise<void> => {
      while (projection.storedSeq < seq) await new Promise((next) => setTimeout(next, 10));
    };
    return { projection, news, heard, goOn, stored, finished };
  }
}

/** One for a file of tests, cleared after each. */
export function liveStage(): { readonly stage: () => LiveStage; readonly whole: () => Tables } {
  let stage: LiveStage | undefined;
  let whole: Tables | undefined;
  const known = <Value>(value: Value | undefined): Value => {
    if (value === undefined) throw new Error('the stage is not set up yet');
    return value;
  };
  beforeAll(async () => {
    const [recorded, server] = await Promise.all([recordTenMinutes(), ownServer()]);
    stage = new LiveStage(recorded, server);
    whole = await stage.rebuilt();
  });
  afterEach(() => known(stage).clear());
  return { stage: () => known(stage), whole: () => known(whole) };
}
