// One number for everything in the configuration that decides about trading: the same hash means
// the same behaviour on the same inputs. Where data and logs go, and secrets, are left out.
import { createHash } from 'node:crypto';
import { UNHASHED_SECTIONS } from './config-schema.ts';
import type { Config } from './config-schema.ts';
import { Secret } from './secret.ts';

/** Hex SHA-256 over JSON with sorted keys. */
export function configHash(config: Config): string {
  const hashed = Object.entries(config).filter(([name]) => !UNHASHED_SECTIONS.includes(name));
  const text = JSON.stringify(Object.fromEntries(hashed), (_, value: unknown) => canonical(value));
  return createHash('sha256').update(text).digest('hex');
}

function canonical(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const entries = Object.entries(value).filter(([, part]) => !(part instanceof Secret));
  return Object.fromEntries(entries.sort(([left], [right]) => (left < right ? -1 : 1)));
}
