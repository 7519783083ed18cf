// Exact decimals as canonical text: what money and size are made of, everywhere in Trinity. Text
// survives JSON, journals and hashes unchanged; decimal.js does the arithmetic. Refuses floats'
// noise, exponents, NaN and localised digits at the door.
import { Decimal as Arithmetic } from 'decimal.js';

declare const unit: unique symbol;

/** A decimal in canonical text: no exponent, no trailing zeros, no leading plus, never "-0". */
export type Decimal = string & { readonly [unit]: string };
/** Quote currency per unit of base. */
export type Price = Decimal & { readonly [unit]: 'price' };
/** Quantity in units of the base asset, never in contracts. */
export type Qty = Decimal & { readonly [unit]: 'qty' };
/** Money in USD or a dollar stablecoin. */
export type Usd = Decimal & { readonly [unit]: 'usd' };
/** Basis points, 1/10,000. */
export type Bps = Decimal & { readonly [unit]: 'bps' };
/** A fraction: a fee rate, a funding rate, a ratio. 0.0005 is five basis points. */
export type Rate = Decimal & { readonly [unit]: 'rate' };

export type Rounding = 'down' | 'up';

const Exact = Arithmetic.clone({ precision: 60, toExpNeg: -9e15, toExpPos: 9e15 });
const PLAIN = /^-?\d+(\.\d+)?$/;
/** Digits kept after the point when a quotient does not end. */
const QUOTIENT_DIGITS = 18;

const toText = (value: Arithmetic): Decimal => (value.isZero() ? '0' : value.toFixed()) as Decimal;

function toCanonical(source: string | number, noun: string): Decimal {
  const text = typeof source === 'number' ? numberText(source) : source;
  if (!PLAIN.test(text)) {
    throw new RangeError(`${noun} must be a plain decimal, found ${JSON.stringify(source)}`);
  }
  return toText(new Exact(text));
}

/**
 * The shortest decimal that names this float64: exact for anything a venue sends with up to 15
 * digits.
 */
function numberText(value: number): string {
  return Number.isFinite(value) ? new Exact(value).toFixed() : String(value);
}

export const toDecimal = (source: string | number): Decimal => toCanonical(source, 'decimal');
export const toPrice = (source: string | number): Price => toCanonical(source, 'price') as Price;
export const toQty = (source: string | number): Qty => toCanonical(source, 'qty') as Qty;
export const toUsd = (source: string | number): Usd => toCanonical(source, 'usd') as Usd;
export const toBps = (source: string | number): Bps => toCanonical(source, 'bps') as Bps;
export const toRate = (source: string | number): Rate => toCanonical(source, 'rate') as Rate;

/**
 * For screens and comparisons that are confirmed exactly afterwards; never for money that is kept.
 */
export const toNumber = (value: Decimal): number => Number(value);

export const plus = <D extends Decimal>(left: D, right: D): D =>
  toText(new Exact(left).plus(right)) as D;
export const minus = <D extends Decimal>(left: D, right: D): D =>
  toText(new Exact(left).minus(right)) as D;
export const negate = <D extends Decimal>(value: D): D => toText(new Exact(value).neg()) as D;
export const absolute = <D extends Decimal>(value: D): D => toText(new Exact(value).abs()) as D;

/** The product keeps the unit of the first operand. */
export const times = <D extends Decimal>(value: D, factor: Decimal): D =>
  toText(new Exact(value).times(factor)) as D;

/**
 * The quotient keeps the unit of the dividend; rounded to 18 places in the direction that the
 * caller names.
 */
export function over<D extends Decimal>(value: D, divisor: Decimal, rounding: Rounding): D {
  if (isZero(divisor)) throw new RangeError(`cannot divide ${value} by zero`);
  const mode = rounding === 'down' ? Arithmetic.ROUND_FLOOR : Arithmetic.ROUND_CEIL;
  return toText(new Exact(value).div(divisor).toDecimalPlaces(QUOTIENT_DIGITS, mode)) as D;
}

/** The ratio of two like amounts as a fraction, rounded in the named direction. */
export const ratio = <D extends Decimal>(value: D, whole: D, rounding: Rounding): Rate =>
  over(value, whole, rounding) as Decimal as Rate;

/** A price times a quantity is money. */
export const notional = (price: Price, qty: Qty): Usd => toText(new Exact(price).times(qty)) as Usd;

/** `bps` of an amount. */
export const bpsOf = <D extends Decimal>(value: D, bps: Bps): D =>
  toText(new Exact(value).times(bps).div(10_000)) as D;

/** An amount as basis points of a whole, rounded in the named direction. */
export const asBps = <D extends Decimal>(value: D, whole: D, rounding: Rounding): Bps =>
  times(over(value, whole, rounding), toDecimal('10000')) as Decimal as Bps;

export const compare = <D extends Decimal>(left: D, right: D): number =>
  new Exact(left).comparedTo(right);
export const isLess = <D extends Decimal>(left: D, right: D): boolean => compare(left, right) < 0;
export const isMore = <D extends Decimal>(left: D, right: D): boolean => compare(left, right) > 0;
export const isZero = (value: Decimal): boolean => value === '0';
export const isNegative = (value: Decimal): boolean => value.startsWith('-');
export const isPositive = (value: Decimal): boolean => !isZero(value) && !isNegative(value);
export const least = <D extends Decimal>(left: D, right: D): D =>
  isLess(right, left) ? right : left;
export const greatest = <D extends Decimal>(left: D, right: D): D =>
  isMore(right, left) ? right : left;

/** Sum from zero, in the given order. */
export const total = <D extends Decimal>(values: readonly D[]): D =>
  toText(values.reduce((sum, value) => sum.plus(value), new Exact(0))) as D;

/** The nearest multiple of `step` at or below (`down`) or at or above (`up`) the value. */
export function toStep<D extends Decimal>(value: D, step: D, rounding: Rounding): D {
  if (!isPositive(step)) throw new RangeError(`a step must be positive, found ${step}`);
  const count = new Exact(value).div(step);
  const whole = rounding === 'down' ? count.floor() : count.ceil();
  return toText(whole.times(step)) as D;
}

export const ZERO_QTY = '0' as Qty;
export const ZERO_USD = '0' as Usd;
export const ZERO_BPS = '0' as Bps;
