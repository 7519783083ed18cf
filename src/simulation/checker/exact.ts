// Exact decimals for the checker, as whole numbers of 10^-36: its own, so that a fault in the
// arithmetic of the engine cannot hide itself here. Sums, products and comparisons only; nothing
// is ever rounded.

const PLACES = 36;
const ONE = 10n ** BigInt(PLACES);
const PLAIN = /^(-?)(\d+)(?:\.(\d+))?$/;

/** A decimal times 10^36. */
export type Exact = bigint;

export const ZERO: Exact = 0n;

export const isExactText = (text: string): boolean => PLAIN.test(text);

export function exact(text: string): Exact {
  const [, sign = '', whole, fraction = ''] = PLAIN.exec(text) ?? [];
  if (whole === undefined || fraction.length > PLACES) {
    throw new RangeError(`a decimal of at most ${PLACES} places is needed, found "${text}"`);
  }
  const units = BigInt(whole) * ONE + BigInt(fraction.padEnd(PLACES, '0'));
  return sign === '-' ? -units : units;
}

/** Throws rather than lose a digit. */
export function product(left: Exact, right: Exact): Exact {
  const wide = left * right;
  if (wide % ONE !== 0n) throw new RangeError(`a product needs more than ${PLACES} places`);
  return wide / ONE;
}

export const size = (value: Exact): Exact => (value < 0n ? -value : value);

export const sum = (values: readonly Exact[]): Exact =>
  values.reduce((total, value) => total + value, ZERO);

/** A quantity with the sign of its side. */
export const signed = (side: string, qty: string): Exact =>
  side === 'sell' ? -exact(qty) : exact(qty);

export function toText(value: Exact): string {
  const digits = size(value)
    .toString()
    .padStart(PLACES + 1, '0');
  const fraction = digits.slice(-PLACES).replace(/0+$/, '');
  const whole = digits.slice(0, -PLACES);
  return `${value < 0n ? '-' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}`;
}
