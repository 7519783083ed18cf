// Snapshots of the whole state beside a run's journal. A snapshot only saves time: one that is
// damaged, of another schema or ahead of the journal is passed over with its cause, and the journal
// is replayed from further back. The text is JSON, and every byte of it is under the checksum or
// compared.
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { toMs, toSeq } from '../domain/index.ts';
import type { Ms, Seq } from '../domain/index.ts';
import { hex } from './checked-line.ts';
import { writeDurablySoon } from './durable-file.ts';
import { causeText } from './journal-error.ts';
import type { RunFolder } from './run-folder.ts';

export interface Snapshot {
  /** The last record whose effect it holds, and the chain's hash there. */
  readonly seq: Seq;
  readonly atMs: Ms;
  readonly hash: string;
  readonly state: unknown;
}

export interface SnapshotPassedOver {
  readonly file: string;
  readonly cause: string;
}

export interface SnapshotFound {
  readonly snapshot: Snapshot | undefined;
  /** Newer ones that could not be used, newest first. */
  readonly passedOver: readonly SnapshotPassedOver[];
}

const SNAPSHOT_VERSION = 1;
/** Older ones are there for the day on which the newest is damaged. */
const SNAPSHOTS_KEPT = 3;
const OPENING = '{"crc32":"';
const JOINT = '","snapshot":';
const CLOSING = '}\n';
const BODY_START = OPENING.length + 8 + JOINT.length;

/** `schemaVersion` is the kernel's: it grows with the shape of the state. */
export async function writeSnapshot(
  run: RunFolder,
  snapshot: Snapshot,
  schemaVersion: number,
): Promise<string> {
  const { seq, atMs, hash, state } = snapshot;
  const body = JSON.stringify({ version: SNAPSHOT_VERSION, schemaVersion, seq, atMs, hash, state });
  const path = join(run.path, `snapshot-${String(seq).padStart(12, '0')}.json`);
  await writeDurablySoon(path, `${OPENING}${hex(crc32(body))}${JOINT}${body}${CLOSING}`);
  for (const old of listSnapshots(run).slice(SNAPSHOTS_KEPT)) rmSync(old);
  for (const draft of abandonedDrafts(run)) rmSync(draft, { force: true });
  return path;
}

/** Of processes that died while they wrote: a run has one at a time. */
function abandonedDrafts(run: RunFolder): readonly string[] {
  const ours = `.${process.pid}.draft`;
  return readdirSync(run.path)
    .filter((name) => /^snapshot-\d{12}\.json\.\d+\.draft$/.test(name) && !name.endsWith(ours))
    .map((name) => join(run.path, name));
}

/** The newest good snapshot at or before the journal's last record. */
export function newestSnapshot(
  run: RunFolder,
  limits: { readonly schemaVersion: number; readonly lastSeq: Seq },
): SnapshotFound {
  const passedOver: SnapshotPassedOver[] = [];
  for (const file of listSnapshots(run)) {
    const found = readSnapshot(file, limits);
    if (typeof found !== 'string') return { snapshot: found, passedOver };
    passedOver.push({ file, cause: found });
  }
  return { snapshot: undefined, passedOver };
}

/** Newest first. */
function listSnapshots(run: RunFolder): readonly string[] {
  return readdirSync(run.path)
    .filter((name) => /^snapshot-\d{12}\.json$/.test(name))
    .sort()
    .reverse()
    .map((name) => join(run.path, name));
}

/** The snapshot, or why it cannot be used. */
function readSnapshot(
  file: string,
  limits: { readonly schemaVersion: number; readonly lastSeq: Seq },
): Snapshot | string {
  const value = parseChecked(file);
  if (typeof value === 'string') return value;
  const { version, schemaVersion, seq, atMs, hash, state } = value;
  if (version !== SNAPSHOT_VERSION) {
    return `format version ${String(version)} is not ${SNAPSHOT_VERSION}`;
  }
  if (schemaVersion !== limits.schemaVersion) {
    return `schema version ${String(schemaVersion)} is not ${limits.schemaVersion}`;
  }
  if (typeof seq !== 'number' || typeof atMs !== 'number' || typeof hash !== 'string') {
    return 'is not a snapshot';
  }
  if (seq > limits.lastSeq) {
    return `stands at record ${seq}, the journal ends at ${limits.lastSeq}`;
  }
  return { seq: toSeq(seq), atMs: toMs(atMs), hash, state };
}

function parseChecked(file: string): Readonly<Record<string, unknown>> | string {
  try {
    const bytes = readFileSync(file);
    const body = bytes.subarray(BODY_START, bytes.length - CLOSING.length);
    const wanted = `${OPENING}${hex(crc32(body))}${JOINT}`;
    const head = bytes.toString('latin1', 0, BODY_START);
    const tail = bytes.toString('latin1', bytes.length - CLOSING.length);
    if (head !== wanted || tail !== CLOSING) return 'fails its checksum';
    const value: unknown = JSON.parse(body.toString('utf8'));
    return typeof value === 'object' && value !== null ? { ...value } : 'is not a snapshot';
  } catch (error) {
    return causeText(error);
  }
}
