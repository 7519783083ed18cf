// Tells one process from another that got its number later: by start time and boot where the system
// says them (Linux), by number alone elsewhere.
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { systemCode } from './journal-error.ts';

export interface ProcessIdentity {
  readonly pid: number;
  readonly host: string;
  /** Clock ticks since boot; absent where there is no /proc. */
  readonly startTicks?: string;
  readonly bootId?: string;
}

export function ownIdentity(): ProcessIdentity {
  const startTicks = startTicksOf(process.pid);
  const bootId = bootIdOf();
  return {
    pid: process.pid,
    host: hostname(),
    ...(startTicks === undefined ? {} : { startTicks }),
    ...(bootId === undefined ? {} : { bootId }),
  };
}

/** True unless the process is known to be gone; a process on another host is never known to be. */
export function mayBeAlive(identity: ProcessIdentity): boolean {
  if (identity.host !== hostname()) return true;
  if (identity.bootId !== undefined && identity.bootId !== bootIdOf()) return false;
  if (!hasProcess(identity.pid)) return false;
  return identity.startTicks === undefined || identity.startTicks === startTicksOf(identity.pid);
}

/** Signal 0 only asks; EPERM means that the process is there and belongs to somebody else. */
function hasProcess(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return systemCode(error) === 'EPERM';
  }
}

/** Field 22 of /proc/<pid>/stat; the name in field 2 may hold spaces and parentheses (proc(5)). */
function startTicksOf(pid: number): string | undefined {
  const stat = readIfThere(`/proc/${pid}/stat`);
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
}

const bootIdOf = (): string | undefined => readIfThere('/proc/sys/kernel/random/boot_id')?.trim();

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
