// `node main sandbox`: the generated market alone, for any client that speaks the venues'
// protocols.
import { toMs } from '../domain/index.ts';
import { startSandbox } from '../sandbox/index.ts';
import type { SandboxOptions } from '../sandbox/index.ts';
import { Failure } from './exit-code.ts';

export interface SandboxFlags {
  readonly seed: string;
  readonly startAt: string;
  readonly json?: boolean;
}

export async function runSandbox(flags: SandboxFlags): Promise<void> {
  const sandbox = await startSandbox({ seed: parseSeed(flags.seed), ...parseStart(flags.startAt) });
  // Heard before the announcement: whoever reads that may end this process at once.
  const told = untilTold();
  const { venues } = sandbox;
  if (flags.json === true) process.stdout.write(`${JSON.stringify({ venues })}\n`);
  else {
    process.stdout.write(`SANDBOX  seed ${flags.seed}  generated market, no real prices\n`);
    for (const [venue, { rest, ws }] of Object.entries(venues)) {
      process.stdout.write(`  ${venue.padEnd(12)} ${rest}  ${ws}\n`);
    }
    process.stdout.write('Ctrl-C stops it\n');
  }
  await told;
  await sandbox.stop();
}

function parseStart(text: string): Pick<SandboxOptions, 'startAt' | 'startAtMs'> {
  if (text === 'settlement' || text === 'now') return { startAt: text };
  const atMs = /^\d{12,14}$/.test(text) ? Number(text) : Date.parse(text);
  const isInstant = /^(\d{4}-.*Z|\d+)$/.test(text) && !Number.isNaN(atMs);
  if (isInstant) return { startAtMs: toMs(atMs) };
  const allowed =
    'settlement, now, an instant like 2026-01-31T12:00:00Z or milliseconds since 1970';
  throw new Failure('usage', `--start-at is ${allowed}, found "${text}"`);
}

export function parseSeed(text: string): number {
  const seed = Number(text);
  if (/^\d{1,10}$/.test(text) && seed < 2 ** 32) return seed;
  throw new Failure('usage', `--seed is a whole number from 0 to 4294967295, found "${text}"`);
}

const ENDS = ['SIGINT', 'SIGTERM', 'disconnect'] as const;

/** A signal, or the end of the engine that started this process. */
function untilTold(): Promise<void> {
  return new Promise((resolve) => {
    const stop = (): void => {
      // A listener for `disconnect` keeps the channel to the engine, and with it this process.
      for (const end of ENDS) process.off(end, stop);
      resolve();
    };
    for (const end of ENDS) process.on(end, stop);
  });
}
