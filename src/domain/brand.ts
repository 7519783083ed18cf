// Names for plain values that must not be mixed up: ids, instants and durations.

declare const brand: unique symbol;
export type Brand<T, Name extends string> = T & { readonly [brand]: Name };

/** A venue as configured: `binanceusdm`, `bybit`, `okx`. */
export type VenueId = Brand<string, 'VenueId'>;
/** `<venue>:<unified symbol>`, for example `okx:BTC/USDT:USDT`. */
export type InstrumentId = Brand<string, 'InstrumentId'>;
/** `t1`, `t2`, … in order of approval within a run. */
export type TradeId = Brand<string, 'TradeId'>;
/** `a`, `b`, … in order of the plan. */
export type LegId = Brand<string, 'LegId'>;
/** 18 lower-case alphanumerics: fits every venue. */
export type ClientOrderId = Brand<string, 'ClientOrderId'>;
export type VenueOrderId = Brand<string, 'VenueOrderId'>;
export type FillId = Brand<string, 'FillId'>;
/** The venue's name for one movement of money, however often it is reported. */
export type TransferId = Brand<string, 'TransferId'>;
/** Milliseconds: an instant since 1970 when the name ends in `AtMs`, a duration otherwise. */
export type Ms = Brand<number, 'Ms'>;
/** Position of a record in the journal; the first is 1. */
export type Seq = Brand<number, 'Seq'>;

export const toVenueId = (text: string): VenueId => text as VenueId;
export const toTradeId = (ordinal: number): TradeId => `t${ordinal}` as TradeId;
export const toLegId = (text: string): LegId => text as LegId;
export const toVenueOrderId = (text: string): VenueOrderId => text as VenueOrderId;
export const toFillId = (text: string): FillId => text as FillId;
export const toTransferId = (text: string): TransferId => text as TransferId;
export const toSeq = (count: number): Seq => count as Seq;

export function toMs(value: number): Ms {
  if (!Number.isFinite(value)) throw new RangeError(`milliseconds must be finite, found ${value}`);
  return value as Ms;
}
