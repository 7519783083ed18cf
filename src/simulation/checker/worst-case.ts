// I12: at every entry the limits hold as if each order that may still live filled whole: how many
// trades are open, what one trade may be worth, and the margin that a venue would bind.
import type { Violation } from '../evidence.ts';
import { ActorView, isLeg, isTrade, tradeOfLeg } from './actor-view.ts';
import { correctionChanges } from './corrections.ts';
import type { CorrectionChange } from './corrections.ts';
import { exact, product, signed, size, sum, toText } from './exact.ts';
import { ownersOf } from './holdings.ts';
import { HeardMoney } from './heard-money.ts';
import type { ReadRecord } from './journal-reading.ts';
import { shown } from './journal-reading.ts';
import type { Placement, Run } from './run-reading.ts';

/** A leg in one of these has no order that could still fill. */
const SETTLED: readonly string[] = ['-', 'idle', 'filled', 'cancelled', 'rejected'];

export function checkWorstCase(run: Run): readonly Violation[] {
  const view = new ActorView();
  const book = new WorstCase(run);
  return run.records.flatMap((record) => {
    view.follow(record);
    book.follow(record);
    return book.entriesOf(record).length === 0 ? [] : book.faultsAt(record, view);
  });
}

class WorstCase {
  readonly #run: Run;
  readonly #fillsAt = new Map<ReadRecord, Run['heardFills'][number][]>();
  readonly #placedAt = new Map<ReadRecord, Placement[]>();
  readonly #correctedAt = new Map<ReadRecord, CorrectionChange[]>();
  readonly #held = new Map<string, bigint>();
  readonly #seenFills = new Set<string>();
  readonly #owners: ReadonlyMap<string, string>;
  /** The leg of a trade at an instrument. */
  readonly #legs: ReadonlyMap<string, string>;
  readonly #lastOrder = new Map<string, Placement>();
  readonly #money = new HeardMoney();

  constructor(run: Run) {
    this.#run = run;
    this.#owners = ownersOf(run);
    this.#legs = new Map(
      run.placements.map((each) => [`${each.tradeKey} ${each.instrumentId}`, each.legActor]),
    );
    for (const fill of run.heardFills) listed(this.#fillsAt, fill.record).push(fill);
    for (const placed of run.placements) listed(this.#placedAt, placed.record).push(placed);
    for (const change of correctionChanges(run, this.#owners)) {
      listed(this.#correctedAt, change.record).push(change);
    }
  }

  entriesOf(record: ReadRecord): readonly Placement[] {
    return (this.#placedAt.get(record) ?? []).filter(({ isEntry }) => isEntry);
  }

  follow(record: ReadRecord): void {
    for (const fill of this.#fillsAt.get(record) ?? []) {
      if (this.#seenFills.has(fill.fillId)) continue;
      this.#seenFills.add(fill.fillId);
      const tradeKey = this.#owners.get(fill.fillId) ?? '';
      this.#move(tradeKey, fill.instrumentId, signed(fill.side, fill.qty));
    }
    for (const { tradeKey, instrumentId, byQty } of this.#correctedAt.get(record) ?? []) {
      this.#move(tradeKey, instrumentId, byQty);
    }
    for (const placed of this.#placedAt.get(record) ?? []) {
      this.#lastOrder.set(placed.legActor, placed);
    }
    this.#money.follow(record);
  }

  #move(tradeKey: string, instrumentId: string, byQty: bigint): void {
    const leg = this.#legs.get(`${tradeKey} ${instrumentId}`);
    if (leg !== undefined) this.#held.set(leg, (this.#held.get(leg) ?? 0n) + byQty);
  }

  faultsAt(record: ReadRecord, view: ActorView): readonly Violation[] {
    const { limits } = this.#run.evidence;
    const faults: string[] = [];
    const open = new Set(this.#openLegs(view).map(([leg]) => tradeOfLeg(leg)));
    if (open.size > limits.openTradesMax) {
      faults.push(`${open.size} trades are open, limit ${limits.openTradesMax}`);
    }
    for (const { qty, referencePrice, clientOrderId, venueId } of this.entriesOf(record)) {
      const worth = product(exact(qty), exact(referencePrice));
      if (worth > exact(limits.tradeNotionalUsdMax)) {
        faults.push(
          `${clientOrderId} is worth ${toText(worth)}, limit ${limits.tradeNotionalUsdMax}`,
        );
      }
      const fault = this.#marginFault(venueId, view);
      if (fault !== undefined) faults.push(fault);
    }
    return faults.map((text) => ({
      invariant: 'I12',
      atMs: record.atMs,
      text,
      evidence: [shown(record)],
    }));
  }

  #openLegs(view: ActorView): readonly (readonly [string, bigint])[] {
    return view
      .keys()
      .filter((actor) => isLeg(actor) && isTrade(tradeOfLeg(actor)))
      .map((leg) => [leg, this.#worstQty(leg, view)] as const)
      .filter(([, qty]) => qty !== 0n);
  }

  /** What the leg would hold if its order, where one may live, filled whole. */
  #worstQty(leg: string, view: ActorView): bigint {
    const held = this.#held.get(leg) ?? 0n;
    const order = this.#lastOrder.get(leg);
    const isSettled = SETTLED.includes(view.state(leg));
    const isAdding = order !== undefined && !order.reduceOnly;
    const added = !isSettled && isAdding ? exact(order.qty) : 0n;
    return size(held) > added ? size(held) : added;
  }

  /** The venue's equity as it last said, and every leg there at the price of its last order. */
  #marginFault(venueId: string, view: ActorView): string | undefined {
    const { leverage, marginUsageMax } = this.#run.evidence.limits;
    const equity = this.#money.equityAt(venueId);
    if (equity === undefined) return `an entry at ${venueId}, whose equity was never said`;
    const bound = sum(
      this.#openLegs(view).flatMap(([leg, qty]) => {
        const order = this.#lastOrder.get(leg);
        if (order?.venueId !== venueId) return [];
        return [product(qty, exact(order.referencePrice))];
      }),
    );
    const most = product(product(equity, exact(marginUsageMax)), exact(leverage));
    if (bound <= most) return undefined;
    return `positions and orders at ${venueId} come to ${toText(bound)}, limit ${toText(most)}`;
  }
}

function listed<K, V>(lists: Map<K, V[]>, key: K): V[] {
  const known = lists.get(key) ?? [];
  lists.set(key, known);
  return known;
}
