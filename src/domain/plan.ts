// A plan is plain data that any trade machine can run: legs, limits in time and price, and what to
// do when only a part fills. Nothing in it says which strategy made it, apart from a label for
// people.
import type { InstrumentId, LegId, Ms, VenueId } from './brand.ts';
import type { Bps, Price, Qty, Usd } from './decimal.ts';
import type { Side } from './order.ts';

export interface PlanLeg {
  readonly legId: LegId;
  readonly venueId: VenueId;
  readonly instrumentId: InstrumentId;
  readonly side: Side;
  readonly qty: Qty;
  /** The touch when the plan was made. */
  readonly referencePrice: Price;
  /** The worst entry price; a chase may go beyond it only by the chase budget. */
  readonly limitPrice: Price;
  readonly tickSize: Price;
  readonly qtyStep: Qty;
  readonly qtyMin: Qty;
}

/**
 * Replacing what did not fill at a worse price, a little worse each time, never beyond the budget.
 */
export interface ChasePolicy {
  readonly chaseCountMax: number;
  /** Beyond the touch, times the number of the chase. */
  readonly stepBps: Bps;
  /** Beyond the leg's own limit price, in all. */
  readonly budgetBps: Bps;
}

/** Both ends of a trade are a phase: the orders go together, and have until the time limit. */
export interface PhasePolicy {
  readonly timeoutMs: Ms;
  /** Longest unbalanced time before the trade gives up and goes to PANIC. */
  readonly panicAfterMs: Ms;
  readonly chase: ChasePolicy;
  /** Beyond the touch, for the first order of an exit (an entry has the legs' limit prices). */
  readonly slippageBpsMax: Bps;
}

export interface PanicPolicy {
  /** Beyond the touch at the first attempt; doubled at each further one up to the cap. */
  readonly slippageBps: Bps;
  readonly slippageBpsCap: Bps;
  /** After so many attempts a person is called; attempts go on. */
  readonly attemptCountMax: number;
  readonly retryMs: Ms;
}

/**
 * Patience with one order: how long until silence means unknown, and how an unknown one is asked
 * about.
 */
export interface OrderPolicy {
  readonly ackTimeoutMs: Ms;
  readonly queryEveryMs: Ms;
  /** An order that the venue does not know is proven absent only after this long. */
  readonly propagationMs: Ms;
}

/** When to leave: a limit in time for any trade, the rest for the strategy's own `exit`. */
export interface LeaveRule {
  /** Held no longer than this, whatever the market says or does not say. */
  readonly holdUntilAtMs: Ms;
  /** The horizon that the entry was priced for; for audit, it ends nothing. */
  readonly pricedUntilAtMs: Ms;
  /** Leave when holding on is expected to bring less than this, costs of leaving left out. */
  readonly exitBelowBps: Bps;
}

export interface TradePlan {
  readonly strategy: string;
  readonly key: string;
  readonly base: string;
  readonly legs: readonly PlanLeg[];
  readonly entry: PhasePolicy;
  readonly exit: PhasePolicy;
  readonly panic: PanicPolicy;
  readonly order: OrderPolicy;
  /** A delta up to this counts as hedged: less than any of the legs can trade. */
  readonly hedgedWithinQty: Qty;
  readonly leave: LeaveRule;
  /** Margin that each leg binds at its venue. */
  readonly marginUsdPerLeg: Usd;
  readonly notionalUsd: Usd;
  readonly netEdgeBps: Bps;
}

/** What an open trade holds, as the market plane needs it to find the exit. */
export interface HeldPosition {
  readonly tradeId: string;
  readonly plan: TradePlan;
  readonly openedAtMs: Ms;
  readonly legs: readonly {
    readonly instrumentId: InstrumentId;
    readonly side: Side;
    readonly qty: Qty;
    readonly entryPrice: Price;
  }[];
}

export interface ExitSignal {
  readonly tradeId: string;
  readonly reason: string;
  /**
   * What holding on is worth, in bps of one leg's notional, costs of leaving left out on both
   * sides.
   */
  readonly expectedBps: Bps;
}

/** Tells a plan among the values that a record says have changed. */
export const isPlan = (value: unknown): value is TradePlan =>
  typeof value === 'object' && value !== null && 'legs' in value && 'strategy' in value;
