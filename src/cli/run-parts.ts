// Builds a run from its parts: the one place where adapters meet the runtime. What differs between
// real and virtual time comes in as clock, feeds and journal.
import type { Config } from '../config/index.ts';
import { enabledVenues } from '../config/index.ts';
import type { Ms, RunStarted, StepRecord } from '../domain/index.ts';
import { toRunTag } from '../domain/index.ts';
import type { FaultObserver } from '../exchange/index.ts';
import { Kernel } from '../kernel/index.ts';
import { Market } from '../market/market.ts';
import type { Clock, Feed, Journal, Lease } from '../ports/index.ts';
import { EngineAssembly } from '../runtime/engine-assembly.ts';
import type { RunEnd } from '../runtime/engine-assembly.ts';
import { enabledStrategies } from '../strategies/registry.ts';
import { paperVenues } from './paper-venues.ts';
import type { RunTroubles } from './run-troubles.ts';

export interface RunOptions {
  readonly config: Config;
  readonly configHash: string;
  readonly seed: number;
  readonly feed: 'live' | 'sandbox';
  /** The kernel of a run that goes on. */
  readonly resumed?: Kernel;
}

export interface RunAdapters extends RunTroubles {
  readonly clock: Clock;
  readonly feeds: readonly Feed[];
  readonly journal: Journal;
  readonly lease: Lease | undefined;
  readonly onStep: (record: StepRecord) => void;
  readonly onFault: FaultObserver;
  readonly onFailure: (error: Error) => void;
  readonly onEnd: (end: RunEnd) => void;
}

export function startRun(options: RunOptions, adapters: RunAdapters): EngineAssembly {
  const { config, resumed } = options;
  const { onFault, onLine, ...parts } = adapters;
  const { clock, onFailure } = parts;
  const startedAtMs = clock.nowMs();
  const market = new Market();
  const strategies = enabledStrategies(strategySettings(config));
  const isResumed = resumed !== undefined;
  const about = { ...options, clock, market, startedAtMs, isResumed };
  const run = new EngineAssembly({
    ...parts,
    kernel: resumed ?? new Kernel(),
    market,
    strategies,
    venues: paperVenues({ ...about, onFault, onLine, onFailure }),
    staleAfterMs: config.market.staleAfterMs,
    watchEveryMs: config.market.watchEveryMs,
  });
  const names = strategies.map(({ name }) => name);
  run.begin(runStarted(options, names, startedAtMs));
  return run;
}

function strategySettings({ strategies, trade }: Config) {
  const { fundingCarry } = strategies;
  return { fundingCarry: fundingCarry.isEnabled ? { ...fundingCarry, ...trade } : undefined };
}

const runStarted = (
  { config, configHash, seed, feed }: RunOptions,
  strategies: readonly string[],
  startedAtMs: Ms,
): RunStarted => ({
  type: 'run.started',
  mode: 'paper',
  feed,
  seed,
  runTag: toRunTag(Math.floor(startedAtMs / 1000)),
  configHash,
  strategies,
  venues: enabledVenues(config).map(({ venueId }) => venueId),
  limits: config.engine,
});
