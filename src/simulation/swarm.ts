// Runs scenarios by the thousand on all cores: one thread per core, one scenario at a time each. A
// scenario that breaks an invariant is made small before it is told; a thread that dies of one
// takes that scenario with it and is replaced.
import { Worker } from 'node:worker_threads';
import type { Scenario } from './scenario.ts';
import type { SeedResult } from './seed-result.ts';
import { PLANTED } from './planted/planted.ts';
import type { PlantedCatch, SwarmAnswer, SwarmOrder } from './swarm-work.ts';

export interface Failing {
  readonly result: SeedResult;
  /** The smallest scenario that still breaks the same invariant; absent when none was found. */
  readonly shrunk: SeedResult | undefined;
}

export interface SwarmOptions {
  readonly scenarios: readonly Scenario[];
  readonly threads: number;
  /** At most so many failing scenarios are made small: it takes a while each. */
  readonly shrunkMax: number;
  readonly onResult: (result: SeedResult) => void;
  /** At once, and once more when it has been made small. */
  readonly onFailing: (failing: Failing) => void;
  /** For each bug that is planted, once it is caught or got away; nothing is planted without. */
  readonly onPlanted?: (caught: PlantedCatch) => void;
}

/** A bug that this many seeds do not show has got away. */
const PLANTED_SEEDS_MAX = 200;

/** One scenario in so many runs twice and must come to the same hash. */
const TWICE_EVERY = 100;

export async function swarm(options: SwarmOptions): Promise<void> {
  const queue = [...options.scenarios.entries()];
  const bugs = options.onPlanted === undefined ? [] : [...PLANTED.keys()];
  const failing: SeedResult[] = [];
  let shrunkCount = 0;
  const toShrink = (): { result: SeedResult; invariant: string } | undefined => {
    const result = shrunkCount < options.shrunkMax ? failing.shift() : undefined;
    const invariant = result?.violations[0]?.invariant;
    if (result === undefined || invariant === undefined) return undefined;
    if (invariant === 'crash') return toShrink();
    shrunkCount += 1;
    return { result, invariant };
  };
  const work = async (): Promise<void> => {
    const thread = new SwarmThread();
    for (let place = bugs.shift(); place !== undefined; place = bugs.shift()) {
      const answer = await thread.ask({ type: 'plant', place, seedsMax: PLANTED_SEEDS_MAX });
      if (answer.type === 'planted') options.onPlanted?.(answer.catch);
    }
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const [at, scenario] = next;
      const isTwice = at % TWICE_EVERY === 0;
      const result = await thread.result({ type: 'run', scenario, isTwice });
      options.onResult(result);
      if (result.violations.length === 0) continue;
      options.onFailing({ result, shrunk: undefined });
      failing.push(result);
    }
    // Making one small runs it a hundred times: after the others, and not for all of them.
    for (let next = toShrink(); next !== undefined; next = toShrink()) {
      const { result, invariant } = next;
      const { scenario } = result;
      const shrunk = await thread.result({ type: 'shrink', scenario, invariant });
      options.onFailing({ result, shrunk });
    }
    await thread.end();
  };
  await Promise.all(Array.from({ length: options.threads }, work));
}

class SwarmThread {
  #worker: Worker | undefined;

  async result(order: Exclude<SwarmOrder, { type: 'plant' }>): Promise<SeedResult> {
    const answer = await this.ask(order);
    if (answer.type !== 'planted') return answer.result;
    throw new Error(`a scenario was answered with the planted bug ${answer.catch.name}`);
  }

  ask(order: SwarmOrder): Promise<SwarmAnswer> {
    const worker = (this.#worker ??= startThread());
    return new Promise((resolve) => {
      const answered = (answer: SwarmAnswer): void => {
        worker.off('error', died);
        resolve(answer);
      };
      const died = (error: Error): void => {
        worker.off('message', answered);
        this.#worker = undefined;
        resolve(order.type === 'plant' ? gotAway(order.place) : crashed(order.scenario, error));
      };
      worker.once('message', answered);
      worker.once('error', died);
      worker.postMessage(order);
    });
  }

  async end(): Promise<void> {
    await this.#worker?.terminate();
  }
}

const startThread = (): Worker =>
  // Loaders and flags of the main thread have no place there.
  new Worker(new URL('./swarm-thread.js', import.meta.url), { execArgv: [] });

/** A thread that dies of a planted bug has not caught it. */
const gotAway = (place: number): SwarmAnswer => ({
  type: 'planted',
  catch: { name: PLANTED[place]?.name ?? '', isCaught: false, seed: null, invariant: 'crash' },
});

function crashed(scenario: Scenario, error: Error): SwarmAnswer {
  const text = error.stack ?? error.message;
  const result: SeedResult = {
    scenario,
    violations: [{ invariant: 'crash', atMs: 0, text, evidence: [] }],
    ...{ situations: {}, faultCounts: {}, restarts: [] },
    worst: { orphanMs: 0, unhedgedMs: 0 },
    ...{ headHash: '', records: 0, lives: 1, trades: 0, virtualMs: 0, wallMs: 0 },
  };
  return { type: 'ran', result };
}
