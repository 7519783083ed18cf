// What a thread of a swarm does: takes one scenario at a time, runs and judges it, answers.
import { parentPort } from 'node:worker_threads';
import { catchPlanted, isCaught, PLANTED } from './planted/planted.ts';
import type { Scenario } from './scenario.ts';
import { judge, judgeTwice } from './seed-result.ts';
import type { SeedResult } from './seed-result.ts';
import { shrink } from './shrink.ts';

export type SwarmOrder =
  | { readonly type: 'run'; readonly scenario: Scenario; readonly isTwice: boolean }
  | { readonly type: 'shrink'; readonly scenario: Scenario; readonly invariant: string }
  /** A bug planted on purpose, by its place in the list, and how many seeds it has to show. */
  | { readonly type: 'plant'; readonly place: number; readonly seedsMax: number };

export type SwarmAnswer =
  | { readonly type: 'ran'; readonly result: SeedResult }
  | { readonly type: 'shrunk'; readonly result: SeedResult; readonly attempts: number }
  | { readonly type: 'planted'; readonly catch: PlantedCatch };

export interface PlantedCatch {
  readonly name: string;
  readonly isCaught: boolean;
  /** The first seed that gave it away. */
  readonly seed: number | null;
  readonly invariant: string;
}

function answer(order: SwarmOrder): SwarmAnswer {
  if (order.type === 'run') {
    const { scenario, isTwice } = order;
    return { type: 'ran', result: isTwice ? judgeTwice(scenario) : judge(scenario) };
  }
  if (order.type === 'plant') return { type: 'planted', catch: planted(order) };
  const { invariant } = order;
  const fails = (scenario: Scenario): boolean =>
    judge(scenario).violations.some((violation) => violation.invariant === invariant);
  const { scenario, attempts } = shrink(order.scenario, fails);
  return { type: 'shrunk', result: judge(scenario), attempts };
}

function planted({ place, seedsMax }: Extract<SwarmOrder, { type: 'plant' }>): PlantedCatch {
  const bug = PLANTED[place];
  if (bug === undefined) throw new RangeError(`there are ${PLANTED.length} bugs, not ${place + 1}`);
  const caught = catchPlanted(
    bug,
    Array.from({ length: seedsMax }, (_, at) => at + 1),
  );
  return {
    name: bug.name,
    isCaught: isCaught(caught),
    seed: caught.seed ?? null,
    invariant: caught.violation?.invariant ?? '',
  };
}

parentPort?.on('message', (order: SwarmOrder) => parentPort?.postMessage(answer(order)));
