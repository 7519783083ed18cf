// The parts of a run written by hand: a trade of two legs, its fills as the venues have them and as
// the engine counts them, and a funding payment.
import type { Execution, LedgerLine, VenueRequest } from '../../src/simulation/evidence.ts';
import { instrument, moved, order, step } from './written-run.ts';
import type { Json, WrittenRun, WrittenStep, WrittenVenue } from './written-run.ts';

/** Both legs of the first attempt open the trade, those of the second close it. */
export function trade(run: WrittenRun, { atMs, attempt }: { atMs: number; attempt: 1 | 2 }): void {
  const opens = attempt === 1;
  const orders = (['a', 'b'] as const).map((venueId) => ({
    ...{ clientOrderId: order(venueId, attempt), tradeId: 't1', legId: venueId, venueId },
    ...{ instrumentId: instrument(venueId), side: (venueId === 'a') === opens ? 'buy' : 'sell' },
    ...{ qty: '0.3', limitPrice: '1000', referencePrice: '1000', reduceOnly: !opens },
  }));
  run.steps.push(
    step(
      atMs,
      { type: opens ? 'opportunity.found' : 'exit.signalled', tradeId: 't1' },
      [
        ...(opens ? [moved('t1', '-', 'OPENING', { plan: planOf(), ...emptyLegs() })] : []),
        ...orders.map(({ legId, clientOrderId }) =>
          moved(`t1.${legId}`, opens ? 'idle' : 'filled', 'sent', {
            order: { clientOrderId, filledQty: '0' },
          }),
        ),
      ],
      orders.map((each) => ({ type: 'order.place', order: each })),
    ),
  );
  for (const each of orders) send(run, atMs + 2, each);
  for (const each of orders) fill(run, atMs + 20, attempt, each.legId);
}

const planOf = (): Json => ({
  legs: (['a', 'b'] as const).map((legId) => ({ legId, instrumentId: instrument(legId) })),
});
const emptyLegs = (): Json => ({ legs: { a: legOf('0', '0'), b: legOf('0', '0') } });
const legOf = (positionQty: string, feesUsd: string): Json => ({ positionQty, feesUsd });

export function send(run: WrittenRun, atMs: number, placed: Json): void {
  const venueId = placed['venueId'] === 'a' ? 'a' : 'b';
  const { clientOrderId, instrumentId, side, qty, limitPrice } = placed as Record<string, string>;
  const terms = {
    ...{ clientOrderId: clientOrderId ?? '', instrumentId: instrumentId ?? '', side: side ?? '' },
    ...{ qty: qty ?? '', limitPrice: limitPrice ?? '', reduceOnly: placed['reduceOnly'] === true },
  };
  run.sent.push({ atMs, life: 1, venueId, kind: 'place', ...terms });
  const request: VenueRequest = {
    atMs: atMs + 5,
    life: 1,
    kind: 'place',
    outcome: 'accepted',
    ...terms,
  };
  run.venues[venueId].requests.push(request);
  run.venues[venueId].orders.push({
    ...terms,
    ...{ venueOrderId: `o-${terms.clientOrderId}`, isForeign: false, acceptedAtMs: atMs + 5 },
    ...{ fate: 'filled', endedAtMs: atMs + 5, filledQty: terms.qty },
  });
}

/** Half of each is a fill of its own; the fee of 0.15 is 150 at 0.1 %, halved. */
function fill(run: WrittenRun, atMs: number, attempt: 1 | 2, venueId: 'a' | 'b'): void {
  const side = (venueId === 'a') === (attempt === 1) ? 'buy' : 'sell';
  const clientOrderId = order(venueId, attempt);
  for (const half of [1, 2]) {
    const fillId = `f-${clientOrderId}-${half}`;
    const told = {
      ...{ fillId, clientOrderId, instrumentId: instrument(venueId), side, qty: '0.15' },
      ...{ price: '1000', feeUsd: '0.075', liquidity: 'taker' as const, filledAtMs: atMs - 13 },
    };
    execute(run, venueId, { ...told, kind: 'own' });
    run.steps.push(heard(run, atMs, told));
  }
}

export function execute(run: WrittenRun, venueId: 'a' | 'b', execution: Execution): void {
  const venue = run.venues[venueId];
  venue.executions.push(execution);
  book(venue, { kind: 'fee', amountUsd: `-${execution.feeUsd}` }, execution);
}

function book(
  venue: WrittenVenue,
  entry: Pick<LedgerLine, 'kind' | 'amountUsd'>,
  { fillId, filledAtMs }: { fillId: string; filledAtMs: number },
): void {
  const balanceUsd = (Number(venue.balanceUsd) * 1000 + Number(entry.amountUsd) * 1000) / 1000;
  venue.balanceUsd = String(balanceUsd);
  venue.ledger.push({
    ...entry,
    ...{ ordinal: venue.ledger.length + 1, atMs: filledAtMs, balanceUsd: venue.balanceUsd },
    ...{ instrumentId: instrument(venue.venueId === 'a' ? 'a' : 'b'), fillId },
  });
}

/** The step in which a leg and its trade count a fill, with all that was counted before. */
export function heard(run: WrittenRun, atMs: number, told: Json): WrittenStep {
  const isA = told['instrumentId'] === instrument('a');
  const legId = isA ? 'a' : 'b';
  const before = run.steps.flatMap(({ input }) =>
    input['type'] === 'order.filled' ? [input['fill'] as Json] : [],
  );
  const own = [...before, told].filter((each) => each['instrumentId'] === told['instrumentId']);
  const ofOrder = own.filter((each) => each['clientOrderId'] === told['clientOrderId']);
  const qty = (fills: Json[]) => fills.map((each) => (each['side'] === 'buy' ? 15 : -15));
  const add = (counts: number[]) => counts.reduce((sum, count) => sum + count, 0);
  const filled = Math.abs(add(qty(ofOrder)));
  const leg = legOf(String(add(qty(own)) / 100), String((own.length * 75) / 1000));
  const others = run.steps.findLast(({ transitions }) =>
    transitions.some(({ actor }) => actor === 't1'),
  )?.transitions;
  const legs = (others?.find(({ actor }) => actor === 't1')?.['changed'] as Json)['legs'] as Json;
  return step(atMs, { type: 'order.filled', fill: told }, [
    moved(`t1.${legId}`, 'sent', filled === 30 ? 'filled' : 'partial', {
      countedFills: own.map((each) => each['fillId']),
      order: { clientOrderId: told['clientOrderId'], filledQty: String(filled / 100) },
    }),
    moved('t1', 'OPENING', stateAfter({ ...legs, [legId]: leg }), {
      legs: { ...legs, [legId]: leg },
    }),
  ]);
}

function stateAfter(legs: Json): string {
  const sizes = Object.values(legs).map((leg) => Math.abs(Number((leg as Json)['positionQty'])));
  if (sizes.every((size) => size === 0)) return 'CLOSED';
  return sizes.every((size) => size === 0.3) ? 'OPEN' : 'OPENING';
}

/** Venue a pays 0.03 to the long at 20,000. */
export function pay(run: WrittenRun): void {
  const payment = {
    ...{ instrumentId: instrument('a'), fundingAtMs: 20_000, fundingRate: '-0.0001' },
    ...{ positionQty: '0.3', markPrice: '1000', amountUsd: '0.03' },
  };
  const venue = run.venues.a;
  venue.fundings.push({ ...payment, paidAtMs: 20_000 });
  book(venue, { kind: 'funding', amountUsd: '0.03' }, { fillId: '', filledAtMs: 20_000 });
  run.steps.push(
    step(20_010, { type: 'funding.paid', payment }, [
      moved('t1', 'OPEN', 'OPEN', { fundingUsd: '0.03' }),
    ]),
  );
}
