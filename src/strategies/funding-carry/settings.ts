// What an operator decides about funding carry; the configuration gives every value.
//
// Entry and exit differ on purpose, so that a trade does not flap: to get in, the funding must
// exceed all costs by `netEdgeBpsMin`; to stay in, it must only exceed `exitBelowBps`, costs left
// out, because they are spent or due either way. Between the two lies a band as wide as the costs
// plus the difference of both thresholds.
import type {
  Bps,
  Ms,
  OrderPolicy,
  PanicPolicy,
  PhasePolicy,
  Rate,
  Usd,
} from '../../domain/index.ts';

export interface FundingCarrySettings {
  /** After fees, slippage and buffers. */
  readonly netEdgeBpsMin: Bps;
  /**
   * Pairs with less funding than this are no candidates at all: no refusal is recorded for them.
   */
  readonly grossEdgeBpsFloor: Bps;
  /** Of one leg. */
  readonly notionalUsd: Usd;
  /** Settlements further away than this are not considered, at the entry or while holding on. */
  readonly horizonMs: Ms;
  /**
   * A position must be open this long before and after a settlement to count on being paid, and is
   * not left within it.
   */
  readonly settlementMarginMs: Ms;
  /**
   * Priced once per trade; also how far beyond the worst level of the book a limit price may be.
   */
  readonly slippageBufferBps: Bps;
  /** The least that is set aside for the venues' prices coming together against us. */
  readonly basisBufferBps: Bps;
  readonly bookAgeMsMax: Ms;
  readonly leverage: Rate;
  readonly exitBelowBps: Bps;
  /** From the plan to the latest exit. */
  readonly holdMsMax: Ms;
  readonly entry: PhasePolicy;
  readonly exit: PhasePolicy;
  readonly panic: PanicPolicy;
  readonly order: OrderPolicy;
}
