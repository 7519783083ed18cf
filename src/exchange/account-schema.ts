// The entries of an account as JSON: written by an exchange, read by the next one at its start. The
// file's checksum vouches for the content and its head for the version; the shape is looked at so
// that a foreign line is named as one.
import type { AccountEntry } from './account-change.ts';

/** The entry, or why it is none. */
export function parseAccountEntry(json: string): AccountEntry | string {
  const value = parseJson(json);
  if (isChanges(value) || isState(value)) return value as AccountEntry;
  return `expected changes or a state, found ${json.slice(0, 80)}`;
}

const isChanges = (value: unknown): boolean =>
  typeof value === 'object' &&
  value !== null &&
  'changes' in value &&
  Array.isArray(value.changes) &&
  value.changes.every((each: unknown) => typeof each === 'object' && each !== null);

const STATE_LISTS = ['entries', 'positions', 'open', 'closed', 'activity', 'expected'] as const;

function isState(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || !('state' in value)) return false;
  const { state } = value;
  if (typeof state !== 'object' || state === null) return false;
  const lists = Object.entries(state).filter(([, each]) => Array.isArray(each));
  return STATE_LISTS.every((name) => lists.some(([key]) => key === name));
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
