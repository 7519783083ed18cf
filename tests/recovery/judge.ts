// Says what is wrong with a run, from the journal on one side and what the exchange wrote down on
// the other: I1 and I2 of placements, fills and payments counted once, flat and balanced at the end.
import { exactSum, negated } from './exact-sum.ts';
import { factsIn, placementsIn } from './exchange-books.ts';
import type { Execution, Placement, Statement } from './exchange-books.ts';
import { countedFills, fillsHeard, intents, isQuiet, standings } from './recorded-steps.ts';
import type { Step } from './recorded-steps.ts';

export interface Evidence {
  readonly steps: readonly Step[];
  /** Folder of the exchange. */
  readonly exchange: string;
}

export const runTagOf = (steps: readonly Step[]): string =>
  steps.find(({ input }) => input.type === 'run.started')?.input.runTag ?? '';

const placedBy = ({ steps, exchange }: Evidence): readonly Placement[] => {
  const tag = runTagOf(steps);
  return placementsIn(exchange).filter(({ order }) => order.clientOrderId.startsWith(tag));
};

const executedFor = ({ steps, exchange }: Evidence): readonly Execution[] => {
  const tag = runTagOf(steps);
  return factsIn(exchange).executions.filter((each) => each.clientOrderId.startsWith(tag));
};

/** I1 and I2. Asked while no engine runs: what the journal holds now, it held when it died. */
export function placementFaults(evidence: Evidence): readonly string[] {
  const intended = intents(evidence.steps);
  const seen = new Set<string>();
  return placedBy(evidence).flatMap(({ atMs, order }) => {
    const id = order.clientOrderId;
    const intent = intended.get(id);
    const faults: string[] = [];
    if (seen.has(id)) faults.push(`I2: ${id} was placed twice`);
    seen.add(id);
    if (intent === undefined) faults.push(`I1: ${id} was placed and is not in the journal`);
    else {
      if (intent.atMs > atMs) faults.push(`I1: ${id} was placed before it was recorded`);
      if (canonical(intent.order) !== canonical(order)) {
        faults.push(`I1: ${id} was placed otherwise than recorded`);
      }
    }
    return faults;
  });
}

/** The same words in whatever order. */
const canonical = (order: object): string =>
  JSON.stringify(Object.entries(order).sort(([left], [right]) => (left < right ? -1 : 1)));

/** Everything that the exchange executed and paid was heard, and counted exactly once. */
export function countingFaults(evidence: Evidence): readonly string[] {
  const { steps, exchange } = evidence;
  const executions = executedFor(evidence);
  const heard = new Set(steps.flatMap(fillsHeard).map(({ fillId }) => fillId));
  const counted = [...countedFills(steps).values()].flat();
  const faults = executions.flatMap(({ fillId, clientOrderId }) => {
    const times = counted.filter((each) => each === fillId).length;
    if (!heard.has(fillId)) return [`fill ${fillId} of ${clientOrderId} was never heard`];
    return times === 1 ? [] : [`fill ${fillId} of ${clientOrderId} was counted ${times} times`];
  });
  const real = new Set(executions.map(({ fillId }) => fillId));
  const invented = counted.filter((fillId) => !real.has(fillId));
  const [first, last] = [steps[0]?.atMs ?? 0, steps.at(-1)?.atMs ?? 0];
  const paid = steps.flatMap(({ input }) =>
    input.type === 'funding.paid' && input.payment !== undefined ? [toKey(input.payment)] : [],
  );
  const unpaid = factsIn(exchange)
    .payments.filter(({ fundingAtMs }) => fundingAtMs > first && fundingAtMs < last)
    .map(toKey)
    .filter((key) => !paid.includes(key));
  return [
    ...faults,
    ...invented.map((fillId) => `fill ${fillId} was counted and never happened`),
    ...unpaid.map((key) => `payment ${key} was never heard`),
  ];
}

const toKey = (payment: {
  readonly instrumentId: string;
  readonly fundingAtMs: number;
  readonly amountUsd: string;
}): string => `${payment.instrumentId} ${payment.fundingAtMs} ${payment.amountUsd}`;

/** Flat, nothing open, and each balance is what its entries come to. */
export function statementFaults(statements: readonly Statement[]): readonly string[] {
  return statements.flatMap(({ venueId, balanceUsd, positions, entries, openOrders }) => {
    const summed = exactSum(entries.map(({ amountUsd }) => amountUsd));
    const held = positions.filter(({ qty }) => exactSum([qty]) !== '0');
    return [
      ...held.map(({ instrumentId, qty }) => `${instrumentId} still holds ${qty}`),
      ...(openOrders === 0 ? [] : [`${venueId} has ${openOrders} open orders`]),
      ...(exactSum([balanceUsd]) === summed ? [] : [`${venueId}: ${balanceUsd}, not ${summed}`]),
    ];
  });
}

/** What the exchange's accounts lost or gained is what the engine says of its run. */
export function profitFaults(
  before: readonly Statement[],
  after: readonly Statement[],
  totalUsd: string,
): readonly string[] {
  const sum = (each: readonly Statement[]) => exactSum(each.map(({ balanceUsd }) => balanceUsd));
  const changed = exactSum([sum(after), negated(sum(before))]);
  return changed === exactSum([totalUsd])
    ? []
    : [`the accounts changed by ${changed}, the engine says ${totalUsd}`];
}

/** The first instant from a record on at which nothing is unknown and no leg is alone, if any. */
export function safeAtMs(evidence: Evidence, fromSeq: number): number | undefined {
  const executions = executedFor(evidence);
  for (const [{ seq, atMs }, standing] of standings(evidence.steps)) {
    if (seq < fromSeq || !isQuiet(standing)) continue;
    if (isCovered(executions.filter(({ filledAtMs }) => filledAtMs <= atMs))) return atMs;
  }
  return undefined;
}

/** Of each asset as much was bought as sold, over all venues, by what the exchange executed. */
function isCovered(executions: readonly Execution[]): boolean {
  const byAsset = new Map<string, string[]>();
  for (const { instrumentId, side, qty } of executions) {
    const asset = instrumentId.split(':')[1] ?? '';
    byAsset.set(asset, [...(byAsset.get(asset) ?? []), side === 'buy' ? qty : negated(qty)]);
  }
  return [...byAsset.values()].every((quantities) => exactSum(quantities) === '0');
}
