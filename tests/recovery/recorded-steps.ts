// A run's journal as a stranger reads it: lines of JSON behind eighteen bytes, and what they say of
// orders, fills, trades and the engine. It trusts nothing that the engine sums up itself.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Execution, Payment, PlacedOrder } from './exchange-books.ts';

export interface Step {
  readonly seq: number;
  readonly atMs: number;
  readonly input: {
    readonly type: string;
    readonly runTag?: string;
    readonly fill?: Execution;
    readonly payment?: Payment;
    readonly evidence?: { readonly fills?: readonly Execution[] };
  };
  readonly transitions: readonly {
    readonly actor: string;
    readonly from: string;
    readonly to: string;
    readonly changed: Readonly<Record<string, unknown>>;
  }[];
  readonly effects: readonly {
    readonly type: string;
    readonly order?: PlacedOrder;
    /** Of an alert. */
    readonly code?: string;
  }[];
}

const PREFIX_BYTES = 18;

/** Whole lines only: what has no newline was never written. */
export function stepsIn(runPath: string): readonly Step[] {
  const names = readdirSync(runPath).filter((name) => name.endsWith('.journal'));
  return names.sort().flatMap((name) => {
    const text = readFileSync(join(runPath, name), 'utf8');
    const lines = text.slice(0, text.lastIndexOf('\n') + 1).split('\n');
    return lines
      .filter((line) => line[PREFIX_BYTES] === '{')
      .map((line): Step => JSON.parse(line.slice(PREFIX_BYTES)));
  });
}

export function fillsHeard({ input }: Step): readonly Execution[] {
  const found = input.evidence?.fills ?? [];
  return input.fill === undefined ? found : [input.fill, ...found];
}

/** A placement that was written down, and when. */
export function intents(
  steps: readonly Step[],
): ReadonlyMap<string, Step & { order: PlacedOrder }> {
  return new Map(
    steps.flatMap((step) =>
      step.effects.flatMap(({ type, order }) =>
        type === 'order.place' && order !== undefined
          ? [[order.clientOrderId, { ...step, order }] as const]
          : [],
      ),
    ),
  );
}

export interface Standing {
  readonly engine: string;
  readonly trades: ReadonlyMap<string, string>;
  readonly legs: ReadonlyMap<string, string>;
}

/** How everything stands after each step. */
export function* standings(steps: readonly Step[]): Generator<readonly [Step, Standing]> {
  const trades = new Map<string, string>();
  const legs = new Map<string, string>();
  let engine = '';
  for (const step of steps) {
    for (const { actor, to } of step.transitions) {
      if (actor === 'engine') engine = to;
      else if (/^t\d+$/.test(actor)) trades.set(actor, to);
      else if (/^t\d+\./.test(actor)) legs.set(actor, to);
    }
    yield [step, { engine, trades, legs }];
  }
}

const OUT = ['sent', 'working', 'partial', 'unknown'];

/** Reconciled, no order of unknown fate, and every trade held whole or over. */
export const isQuiet = ({ engine, trades, legs }: Standing): boolean =>
  !engine.startsWith('reconciling') &&
  ![...legs.values()].some((state) => OUT.includes(state)) &&
  [...trades.values()].every((state) => state === 'OPEN' || state === 'CLOSED');

/** The fills that each leg has counted, as its context says it last. */
export function countedFills(steps: readonly Step[]): ReadonlyMap<string, readonly string[]> {
  const counted = new Map<string, readonly string[]>();
  for (const { transitions } of steps) {
    for (const { actor, changed } of transitions) {
      const fillIds = changed['countedFills'];
      if (Array.isArray(fillIds)) counted.set(actor, fillIds.map(String));
    }
  }
  return counted;
}
