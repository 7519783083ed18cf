// The note in the data folder that says where the door of its engine is. The socket itself lies in
// a folder of its own with a short name, because the system takes no more than 107 bytes for its
// path, and a data folder may lie deep.
import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { addressSchema, CONTROL_VERSION } from './message-schema.ts';
import type { DoorAddress } from './message-schema.ts';

const SOCKET_NAME = 'door';
const FOLDER_PREFIX = 'trinity-door-';
const SOCKET_PATH_BYTES_MAX = 107;

const addressPath = (dataPath: string): string => join(dataPath, 'engine.door');

/** A fresh folder that nobody else may enter. */
export function newSocketPath(): string {
  const wanted = join(tmpdir(), `${FOLDER_PREFIX}XXXXXX`, SOCKET_NAME);
  const parent = Buffer.byteLength(wanted) > SOCKET_PATH_BYTES_MAX ? '/tmp' : tmpdir();
  return join(mkdtempSync(join(parent, FOLDER_PREFIX)), SOCKET_NAME);
}

export interface DoorPlace {
  readonly socketPath: string;
  readonly engineVersion: string;
}

export function writeAddress(dataPath: string, { socketPath, engineVersion }: DoorPlace): void {
  const head = { format: 'trinity-door' as const, version: CONTROL_VERSION, engineVersion };
  const address: DoorAddress = { ...head, pid: process.pid, socketPath };
  const draft = `${addressPath(dataPath)}.${process.pid}.draft`;
  writeFileSync(draft, `${JSON.stringify(address)}\n`, { mode: 0o600 });
  renameSync(draft, addressPath(dataPath));
}

/** Absent when there is none, or none that can be read. */
export function readAddress(dataPath: string): DoorAddress | undefined {
  try {
    return addressSchema.parse(JSON.parse(readFileSync(addressPath(dataPath), 'utf8')));
  } catch {
    return undefined;
  }
}

/** Takes the note away, and the folder of the socket that it names. */
export function removeAddress(dataPath: string): void {
  const socketPath = readAddress(dataPath)?.socketPath;
  rmSync(addressPath(dataPath), { force: true });
  if (socketPath !== undefined) removeSocket(socketPath);
}

/** Nothing that does not carry our name is removed, whatever a note says. */
export function removeSocket(socketPath: string): void {
  const folder = dirname(socketPath);
  const isOurs = basename(folder).startsWith(FOLDER_PREFIX) && basename(socketPath) === SOCKET_NAME;
  if (isOurs) rmSync(folder, { recursive: true, force: true });
}
