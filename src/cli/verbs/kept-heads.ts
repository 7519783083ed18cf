// `heads` in the data folder: the head of each run that retention has removed, so that whoever kept
// a copy of the run can still have it checked. Lines are added and never changed.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeDurably } from '../../journal/index.ts';

export const headsPath = (dataPath: string): string => join(dataPath, 'heads');

/** A head that stands there already, from a removal that was ended, stays as it is. */
export function keepHead(dataPath: string, head: string, removedAtMs: number): void {
  const file = headsPath(dataPath);
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
  if (text.split('\n').some((line) => line.startsWith(`${head} `))) return;
  const line = `${head} removed ${new Date(removedAtMs).toISOString()}\n`;
  writeDurably(file, `${text}${line}`);
}
