// Builds a run from its parts: the one place where adapters meet the runtime. What differs between
// real and virtual time comes in as clock, feeds and journal.
import type { Config } from '../config/index.ts';
import { enabledVenues } from '../config/index.ts';
import type { EngineLimits, Ms, RunResumed, RunStarted, StepRecord } from '../domain/index.ts';
import { toMs, toRunTag } from '../domain/index.ts';
import type { FaultObserver } from '../exchange/index.ts';
import { Kernel } from '../kernel/index.ts';
import type { MarketView } from '../market/view.ts';
import type { Clock, Feed, Journal, Lease } from '../ports/index.ts';
import { Engine } from '../runtime/engine.ts';
import { MarketPlane } from '../runtime/market-plane.ts';
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
}

export interface Run {
  readonly engine: Engine;
  readonly kernel: Kernel;
  readonly market: MarketView;
  /** Stops feeds and venues; the journal stays with its owner. */
  stop(): Promise<void>;
}

export function startRun(options: RunOptions, adapters: RunAdapters): Run {
  const { config } = options;
  const { clock, feeds, onFault, onStall, onTrouble, ...shell } = adapters;
  const startedAtMs = clock.nowMs();
  const kernel = options.resumed ?? new Kernel();
  const strategies = enabledStrategies(strategySettings(config));
  // The plane speaks to the engine and the engine reads the plane: nothing is said before both are.
  const plane = new MarketPlane({
    clock,
    strategies,
    staleAfterMs: config.market.staleAfterMs,
    accept: (input) => engine.accept(input),
    onStall,
    onTrouble,
  });
  const { seed, feed } = options;
  const market = plane.view;
  const { onFailure } = shell;
  const isResumed = options.resumed !== undefined;
  const about = { config, seed, feed, clock, market, startedAtMs, isResumed };
  const venues = paperVenues({ ...about, onFault, onFailure });
  plane.onChange((instrumentId) => {
    const venueId = market.get(instrumentId)?.instrument.venueId;
    if (venueId !== undefined) venues.get(venueId)?.marketChanged?.(instrumentId);
  });
  const engine: Engine = new Engine({ ...shell, clock, kernel, plane, venues });
  const names = strategies.map(({ name }) => name);
  engine.begin(
    options.resumed === undefined
      ? runStarted(options, names, startedAtMs)
      : runResumed(options, options.resumed.head.atMs),
  );
  for (const feedOfVenue of feeds) feedOfVenue.start(plane.sinkFor(feedOfVenue));
  const polling = pollEvery(clock, config.market.watchEveryMs, () => plane.poll());
  return {
    engine,
    kernel,
    market,
    stop: async () => {
      polling.cancel();
      engine.close();
      await Promise.all(feeds.map((each) => each.stop()));
      await Promise.all([...venues.values()].map((venue) => venue.stop()));
    },
  };
}

function strategySettings({ strategies, trade }: Config) {
  const { fundingCarry } = strategies;
  return { fundingCarry: fundingCarry.isEnabled ? { ...fundingCarry, ...trade } : undefined };
}

function runStarted(
  { config, configHash, seed, feed }: RunOptions,
  strategies: readonly string[],
  startedAtMs: Ms,
): RunStarted {
  const limits: EngineLimits = config.engine;
  return {
    type: 'run.started',
    mode: 'paper',
    feed,
    seed,
    runTag: toRunTag(Math.floor(startedAtMs / 1000)),
    configHash,
    strategies,
    venues: enabledVenues(config).map(({ venueId }) => venueId),
    limits,
  };
}

const runResumed = ({ config, configHash }: RunOptions, lastAtMs: Ms): RunResumed => ({
  type: 'run.resumed',
  lastAtMs,
  configHash,
  limits: config.engine,
});

function pollEvery(clock: Clock, everyMs: number, poll: () => void): { cancel(): void } {
  let next = clock.schedule(toMs(clock.nowMs() + everyMs), tick);
  function tick(): void {
    next = clock.schedule(toMs(clock.nowMs() + everyMs), tick);
    poll();
  }
  return { cancel: () => next.cancel() };
}
