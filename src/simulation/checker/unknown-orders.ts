// I5: unknown is a state, and it ends by evidence only. An order is rejected when its venue refused
// it, or denied it after the time in which it could still have become known; it is ended when the
// venue said so; it is filled when its fills make it whole.
import type { RunEvidence, Violation } from '../evidence.ts';
import { ActorView, isLeg } from './actor-view.ts';
import { exact, sum } from './exact.ts';
import { textAt } from './json.ts';
import type { ReadRecord, ReadTransition } from './journal-reading.ts';
import { shown } from './journal-reading.ts';
import type { Run } from './run-reading.ts';

const ENDS: readonly string[] = ['rejected', 'cancelled', 'filled'];

export const checkUnknownOrders = (run: Run): readonly Violation[] => [
  ...endsWithoutEvidence(run),
  ...refusalsThatNoVenueMade(run),
  ...endsThatNoVenueMade(run),
];

const fault = (record: ReadRecord, text: string): Violation => ({
  invariant: 'I5',
  atMs: record.atMs,
  text,
  evidence: [shown(record)],
});

function endsWithoutEvidence(run: Run): readonly Violation[] {
  const view = new ActorView();
  return run.records.flatMap((record) => {
    view.follow(record);
    return record.transitions
      .filter(({ actor }) => isLeg(`${record.chain}/${actor}`))
      .filter(({ from, to }) => from !== to && ENDS.includes(to) && !ENDS.includes(from))
      .flatMap((transition) => {
        const order = view.value(`${record.chain}/${transition.actor}`, 'order');
        const id = textAt(order, 'clientOrderId');
        const missing = missingEvidence(run, record, transition, id);
        if (missing === undefined) return [];
        const { actor, from, to } = transition;
        return [fault(record, `${actor} went from ${from} to ${to} for ${id}: ${missing}`)];
      });
  });
}

function missingEvidence(
  run: Run,
  record: ReadRecord,
  { to }: ReadTransition,
  id: string,
): string | undefined {
  const { input, inputType } = record;
  const isAbout = textAt(input, 'clientOrderId') === id;
  const answer = textAt(input, 'evidence', 'kind');
  if (to === 'filled')
    return isWhole(run, record, id) ? undefined : 'its fills do not make it whole';
  if (to === 'cancelled') {
    const isEnded = inputType === 'order.ended' || answer === 'ended';
    if (isAbout && isEnded) return undefined;
    return isEndCounted(run, record, id) ? undefined : 'the venue did not say that it ended';
  }
  if (isAbout && inputType === 'order.rejected') return undefined;
  if (!isAbout || answer !== 'absent') return 'the venue neither refused nor denied it';
  const placed = run.placementOf.get(id);
  const waitedMs = record.engineAtMs - (placed?.record.engineAtMs ?? record.engineAtMs);
  const { propagationMs } = run.evidence.limits;
  return waitedMs >= propagationMs
    ? undefined
    : `it was denied after ${waitedMs} ms, which proves nothing before ${propagationMs} ms`;
}

const isWhole = (run: Run, record: ReadRecord, id: string): boolean =>
  heardQty(run, record, id) >= exact(run.placementOf.get(id)?.qty ?? '0');

/** It was said before, and the fills that it spoke of are here now. */
const isEndCounted = (run: Run, record: ReadRecord, id: string): boolean =>
  run.records.some(
    ({ chain, seq, input, inputType }) =>
      chain === record.chain &&
      seq < record.seq &&
      inputType === 'order.ended' &&
      textAt(input, 'clientOrderId') === id &&
      heardQty(run, record, id) >= exact(textAt(input, 'filledQty')),
  );

function heardQty({ heardFills }: Run, record: ReadRecord, id: string): bigint {
  const seen = new Map(
    heardFills
      .filter((fill) => fill.clientOrderId === id && fill.record.chain === record.chain)
      .filter((fill) => fill.record.seq <= record.seq)
      .map((fill) => [fill.fillId, exact(fill.qty)]),
  );
  return sum([...seen.values()]);
}

/** A refusal is the venue's own word, or ours about an order that never left. */
const refusalsThatNoVenueMade = ({ evidence, records }: Run): readonly Violation[] => {
  const refused = new Set(
    evidence.venues.flatMap(({ requests }) =>
      requests
        .filter(({ kind, outcome }) => kind === 'place' && outcome.startsWith('rejected'))
        .map(({ clientOrderId }) => clientOrderId),
    ),
  );
  const left = new Set(
    evidence.sent.filter(({ kind }) => kind === 'place').map(({ clientOrderId }) => clientOrderId),
  );
  return records
    .filter(({ inputType }) => inputType === 'order.rejected')
    .map((record) => ({ record, id: textAt(record.input, 'clientOrderId') }))
    .filter(({ id }) => left.has(id) && !refused.has(id))
    .map(({ record, id }) => fault(record, `order ${id} is journaled as refused; no venue did so`));
};

const endsThatNoVenueMade = ({ evidence, records }: Run): readonly Violation[] =>
  records
    .filter(({ inputType }) => inputType === 'order.ended')
    .flatMap((record) => {
      const id = textAt(record.input, 'clientOrderId');
      const truth = orderOf(evidence, id);
      const filledQty = textAt(record.input, 'filledQty');
      if (truth === undefined) return [fault(record, `order ${id} ended; no venue had it`)];
      if (truth.fate === 'open') return [fault(record, `order ${id} ended and is still open`)];
      return truth.filledQty === filledQty
        ? []
        : [fault(record, `order ${id} ended with ${filledQty}; the venue has ${truth.filledQty}`)];
    });

const orderOf = ({ venues }: RunEvidence, id: string) =>
  venues.flatMap(({ orders }) => orders).find(({ clientOrderId }) => clientOrderId === id);
