// What a machine may ask of the world. The bodies are empty on purpose: the kernel collects each
// request as an effect, so that machines never act and a replay asks for exactly the same.
import type {
  AlertSeverity,
  InstrumentId,
  LegId,
  Ms,
  OrderRef,
  OrderRequest,
  TradeId,
  VenueId,
} from '../src/domain/index.ts';

export interface QuoteQuestion {
  readonly tradeId: TradeId;
  readonly legId: LegId;
  readonly instrumentId: InstrumentId;
}

export interface AlertText {
  readonly severity: AlertSeverity;
  readonly code: string;
  readonly key: string;
  readonly text: string;
}

export const placeOrder = (_: unknown, _order: OrderRequest): void => {};
export const queryOrder = (_: unknown, _order: OrderRef): void => {};
export const askQuotes = (_: unknown, _questions: readonly QuoteQuestion[]): void => {};
export const askAccounts = (_: unknown, _venues: readonly VenueId[]): void => {};
/** What happened at these venues while nobody listened. */
export const askActivity = (
  _: unknown,
  _question: { readonly venues: readonly VenueId[]; readonly sinceAtMs: Ms },
): void => {};
/** Fires `timer.<timer>` at the asking actor once; setting it again replaces it. */
export const startTimer = (
  _: unknown,
  _timer: { readonly timer: string; readonly delayMs: Ms },
): void => {};
export const stopTimer = (_: unknown, _timer: { readonly timer: string }): void => {};
export const raiseAlert = (_: unknown, _alert: AlertText): void => {};
