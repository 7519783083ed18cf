// One folder per run: `<data>/runs/<runId>/` with `run.json`, segments and snapshots. `run.json`
// says what the run was told; it holds no secret and is never changed after the start.
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Ms } from '../domain/index.ts';
import { checkDataFolder } from './data-folder.ts';
import { syncFolder, writeDurably } from './durable-file.ts';
import { JournalError, causeText, systemCode } from './journal-error.ts';

export interface RunFolder {
  readonly runId: string;
  readonly path: string;
}

export interface RunStart {
  readonly engineVersion: string;
  readonly mode: string;
  readonly feed: string;
  readonly seed: number;
  /** `real`, or `virtual`: a run of virtual time is not resumed. */
  readonly clock: string;
  /** In the run's own time, which may be virtual. */
  readonly startedAtMs: Ms;
  readonly configHash: string;
  /** The effective configuration; secrets print as `***` by themselves. */
  readonly config: unknown;
}

export interface RunAbout extends RunStart {
  readonly format: 'trinity-run';
  readonly version: number;
  readonly runId: string;
  /** By the wall clock of the machine, and later than of every run that was there before. */
  readonly createdAtMs: number;
}

const RUN_VERSION = 1;
/** Runs that start in one second with one seed; more than this is a loop gone wild. */
const COLLISIONS_MAX = 100_000;

export const runsPath = (dataPath: string): string => join(dataPath, 'runs');

/** `20261121T123456Z-seed7`, from the run's own start. */
export function toRunId(startedAtMs: Ms, seed: number): string {
  const instant = new Date(startedAtMs).toISOString().replace(/\.\d+Z$/, 'Z');
  return `${instant.replaceAll(/[-:]/g, '')}-seed${seed}`;
}

export function createRun(dataPath: string, start: RunStart): RunFolder {
  const parent = runsPath(dataPath);
  mkdirSync(parent, { recursive: true });
  const createdAtMs = nextCreatedAtMs(dataPath);
  const run = claimFolder(parent, toRunId(start.startedAtMs, start.seed));
  const about: RunAbout = {
    format: 'trinity-run',
    version: RUN_VERSION,
    runId: run.runId,
    createdAtMs,
    ...start,
  };
  writeDurably(join(run.path, 'run.json'), `${JSON.stringify(about, undefined, 2)}\n`);
  syncFolder(parent);
  return run;
}

/** A clock that was put right would create a run before those of the time when it was fast. */
function nextCreatedAtMs(dataPath: string): number {
  const newest = listRuns(dataPath).at(-1);
  return Math.max(Date.now(), newest ? readRunAbout(newest.path).createdAtMs + 1 : 0);
}

function claimFolder(parent: string, wanted: string): RunFolder {
  for (let attempt = 1; attempt <= COLLISIONS_MAX; attempt += 1) {
    const runId = attempt === 1 ? wanted : `${wanted}-${attempt}`;
    const path = join(parent, runId);
    try {
      mkdirSync(path);
      return { runId, path };
    } catch (error) {
      if (systemCode(error) !== 'EEXIST') throw error;
    }
  }
  throw new JournalError('journal.failed', `${COLLISIONS_MAX} runs are named ${wanted}`);
}

export function readRunAbout(path: string): RunAbout {
  const file = join(path, 'run.json');
  const about = parseAbout(file);
  if (!isRunAbout(about)) {
    const text = `is not the description of a trinity run; move its folder out of ${dirname(path)}`;
    throw new JournalError('journal.damaged', text, { file });
  }
  if (about.version !== RUN_VERSION) {
    const text =
      `format version ${about.version} is not the ${RUN_VERSION} that this program reads; ` +
      'use the version that wrote it';
    throw new JournalError('journal.newer-version', text, { file });
  }
  return about;
}

function parseAbout(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    const code = systemCode(error) === 'ENOENT' ? 'journal.not-found' : 'journal.damaged';
    const text = `${causeText(error)}; bring it back from a backup, or move the folder away`;
    throw new JournalError(code, text, { file });
  }
}

function isRunAbout(value: unknown): value is RunAbout {
  if (typeof value !== 'object' || value === null) return false;
  if (!('format' in value) || value.format !== 'trinity-run') return false;
  if (!('version' in value) || typeof value.version !== 'number') return false;
  return 'runId' in value && typeof value.runId === 'string' && 'createdAtMs' in value;
}

/** Oldest first. A folder without `run.json` is a start that died at once, and no run. */
export function listRuns(dataPath: string): readonly RunFolder[] {
  checkDataFolder(dataPath);
  const parent = runsPath(dataPath);
  if (!existsSync(parent)) return [];
  return readdirSync(parent)
    .filter((name) => existsSync(join(parent, name, 'run.json')))
    .map((name) => ({ about: readRunAbout(join(parent, name)), path: join(parent, name) }))
    .sort((left, right) => byCreation(left.about, right.about))
    .map(({ about, path }) => ({ runId: about.runId, path }));
}

const byCreation = (left: RunAbout, right: RunAbout): number =>
  left.createdAtMs - right.createdAtMs || byName(left.runId, right.runId);

const byName = (left: string, right: string): number =>
  left.length - right.length || (left < right ? -1 : 1);

/** A run by id, by path, or the latest when nothing is named. */
export function findRun(dataPath: string, wanted?: string): RunFolder {
  if (wanted === undefined) {
    const latest = listRuns(dataPath).at(-1);
    if (latest !== undefined) return latest;
    throw new JournalError('journal.not-found', `no run in ${runsPath(dataPath)}`);
  }
  const paths = [join(runsPath(dataPath), wanted), resolve(wanted)];
  const path = paths.find((each) => isFolder(each));
  if (path !== undefined) return { runId: readRunAbout(path).runId, path };
  throw new JournalError('journal.not-found', `no run ${wanted} (looked for ${paths.join(', ')})`);
}

const isFolder = (path: string): boolean =>
  statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
