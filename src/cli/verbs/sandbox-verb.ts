// `node main sandbox`: the generated market alone, for any client that speaks the venues'
// protocols; with `--exchange` also accounts at its venues, for engines that speak ours.
import { seededRandom, toMs } from '../../domain/index.ts';
import type { FaultRates } from '../../exchange/index.ts';
import { FAULT_KINDS, noFaults, seededFaults } from '../../exchange/index.ts';
import { startSandbox } from '../../sandbox/index.ts';
import type { Sandbox, SandboxOptions } from '../../sandbox/index.ts';
import { startExchangeProcess } from '../exchange-process.ts';
import { Failure } from '../exit-code.ts';
import { readConfig } from '../run-flags.ts';

export interface SandboxFlags {
  readonly seed: string;
  readonly startAt: string;
  readonly exchange?: boolean;
  readonly ledger?: string;
  readonly port?: string;
  readonly faults?: string;
  readonly config?: string;
  readonly json?: boolean;
}

export async function runSandbox(flags: SandboxFlags): Promise<void> {
  // Heard before the announcement: whoever reads that may end this process at once.
  const told = untilTold();
  const failed = new Failed();
  const served = flags.exchange === true ? await exchangeOf(flags, failed) : await sandboxOf(flags);
  announce(flags, served);
  await Promise.race([told, failed.promise]);
  await served.stop();
}

async function sandboxOf(flags: SandboxFlags): Promise<Served> {
  for (const name of ['ledger', 'port', 'faults', 'config'] as const) {
    if (flags[name] !== undefined) throw new Failure('usage', `--${name} needs --exchange`);
  }
  return startSandbox(marketOf(flags));
}

function exchangeOf(flags: SandboxFlags, failed: Failed): Promise<Served> {
  const { seed, ...start } = marketOf(flags);
  const random = seededRandom(`${seed}`);
  return startExchangeProcess({
    config: readConfig({ ...(flags.config === undefined ? {} : { config: flags.config }) }).config,
    ...{ seed, start, folder: flags.ledger },
    port: flags.port === undefined ? undefined : parsePort(flags.port),
    faults:
      flags.faults === undefined ? noFaults() : seededFaults(random, parseRates(flags.faults)),
    onFailure: (error) => failed.with(error),
  });
}

interface Served {
  readonly venues: Sandbox['venues'];
  readonly exchange?: string;
  stop(): Promise<void>;
}

function announce(flags: SandboxFlags, { venues, exchange }: Served): void {
  if (flags.json === true) {
    const found = exchange === undefined ? { venues } : { venues, exchange };
    process.stdout.write(`${JSON.stringify(found)}\n`);
    return;
  }
  process.stdout.write(`SANDBOX  seed ${flags.seed}  generated market, no real prices\n`);
  for (const [venue, { rest, ws }] of Object.entries(venues)) {
    process.stdout.write(`  ${venue.padEnd(12)} ${rest}  ${ws}\n`);
  }
  if (exchange !== undefined) {
    process.stdout.write(`  ${'orders'.padEnd(12)} node main --exchange ${exchange}\n`);
  }
  process.stdout.write('Ctrl-C stops it\n');
}

const marketOf = (flags: SandboxFlags) => ({
  seed: parseSeed(flags.seed),
  ...parseStart(flags.startAt),
});

/** What ends this process from inside. */
class Failed {
  readonly promise: Promise<never>;
  #reject: ((error: Error) => void) | undefined;

  constructor() {
    this.promise = new Promise((_resolve, reject) => (this.#reject = reject));
    // Nobody may be waiting yet when it happens.
    this.promise.catch(() => undefined);
  }

  with(error: Error): void {
    this.#reject?.(error);
  }
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

function parsePort(text: string): number {
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port > 0 && port < 65_536) return port;
  throw new Failure('usage', `--port is a number from 1 to 65535, found "${text}"`);
}

/** `ack-lost=0.1,partial=0.3` */
export function parseRates(text: string): FaultRates {
  const rates = text.split(',').map((item) => {
    const [name = '', chance = ''] = item.split('=');
    const kind = FAULT_KINDS.find((each) => each === name.trim());
    const isChance = /^(0(\.\d+)?|1)$/.test(chance);
    if (kind !== undefined && isChance) return [kind, Number(chance)] as const;
    const kinds = FAULT_KINDS.join(', ');
    throw new Failure('usage', `--faults is kind=chance of ${kinds}; found "${item}"`);
  });
  return Object.fromEntries(rates);
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
