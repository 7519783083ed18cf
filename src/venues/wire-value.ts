// Numbers, instants and text as venues send them, checked before anything else sees them. Refuses
// exponents, hexadecimal, localised digits, empty text, NaN, negative prices and instants that
// are not in milliseconds, naming the field and what was found.
import type { Ms } from '../domain/index.ts';
import { toMs } from '../domain/index.ts';

/** Thrown inside mappers only; each mapper turns it into a refused reading. */
export class WireRefusal extends Error {
  constructor(field: string, raw: unknown, expected: string) {
    super(`${field} must be ${expected}, found ${shortText(raw)}`);
    this.name = 'WireRefusal';
  }
}

const RAW_TEXT_MAX = 80;
/** A float64 names every decimal of so many digits exactly. */
const EXACT_DIGITS = 15;
/** 2015 and 2100: seconds lie below, microseconds above. */
const INSTANT_MIN_MS = 1_420_070_400_000;
const INSTANT_MAX_MS = 4_102_444_800_000;
const HOUR_MS = 3_600_000;
const INTERVAL_HOURS_MAX = 24;
/** Caps are 2 to 4 % per interval; more is a percentage or an annual rate. */
const FUNDING_RATE_MAX = 0.1;

function shortText(raw: unknown): string {
  const text = raw === undefined ? 'nothing' : JSON.stringify(raw);
  return text.length > RAW_TEXT_MAX ? `${text.slice(0, RAW_TEXT_MAX)}…` : text;
}

/** Digits with at most one point between them; the sign is the caller's business. */
function isPlain(text: string, from: number): boolean {
  let points = 0;
  for (let at = from; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code >= 48 && code <= 57) continue;
    if (code !== 46 || at === from || at === text.length - 1) return false;
    points += 1;
  }
  return text.length > from && points <= 1;
}

function significantDigits(text: string): number {
  const digits = text.replace('.', '').replace(/^0+/, '');
  return text.includes('.') ? digits.replace(/0+$/, '').length : digits.length;
}

export function wirePrice(raw: unknown, field: string): number {
  const price = typeof raw === 'string' && isPlain(raw, 0) ? Number(raw) : NaN;
  if (!(price > 0)) throw new WireRefusal(field, raw, 'a plain decimal above zero');
  if (String(raw).length > EXACT_DIGITS && significantDigits(String(raw)) > EXACT_DIGITS) {
    throw new WireRefusal(field, raw, `exact in ${EXACT_DIGITS} digits`);
  }
  return price;
}

/** Zero removes a level. */
export function wireSize(raw: unknown, field: string): number {
  const size = typeof raw === 'string' && isPlain(raw, 0) ? Number(raw) : NaN;
  if (Number.isFinite(size)) return size;
  throw new WireRefusal(field, raw, 'a plain decimal of zero or more');
}

/** A fraction per interval; positive is paid by longs to shorts on every venue here. */
export function wireFundingRate(raw: unknown, field: string): number {
  const from = typeof raw === 'string' && raw.startsWith('-') ? 1 : 0;
  const rate = typeof raw === 'string' && isPlain(raw, from) ? Number(raw) : NaN;
  if (Math.abs(rate) <= FUNDING_RATE_MAX) return rate;
  throw new WireRefusal(field, raw, `a fraction within ±${FUNDING_RATE_MAX} per interval`);
}

/** Milliseconds since 1970, as a number or in digits. */
export function wireInstant(raw: unknown, field: string): Ms {
  const isDigits = typeof raw === 'string' && /^\d{1,16}$/.test(raw);
  const instant = isDigits ? Number(raw) : raw;
  if (typeof instant === 'number' && Number.isInteger(instant)) {
    if (instant >= INSTANT_MIN_MS && instant <= INSTANT_MAX_MS) return toMs(instant);
  }
  throw new WireRefusal(field, raw, 'milliseconds between 2015 and 2100');
}

/** An update id that a float64 counts without holes. */
export function wireSequence(raw: unknown, field: string): number {
  if (typeof raw === 'number' && Number.isSafeInteger(raw) && raw >= 0) return raw;
  throw new WireRefusal(field, raw, 'a safe integer of zero or more');
}

/** Whole hours up to a day: anything else mixes two schedules or two units. */
export function wireFundingInterval(intervalMs: number, field: string): Ms {
  const hours = intervalMs / HOUR_MS;
  if (Number.isInteger(hours) && hours >= 1 && hours <= INTERVAL_HOURS_MAX) {
    return toMs(intervalMs);
  }
  throw new WireRefusal(field, intervalMs, 'whole hours from 1 to 24 in milliseconds');
}

export const wireHours = (raw: unknown, field: string): Ms => {
  const hours = typeof raw === 'string' ? wireSize(raw, field) : raw;
  if (typeof hours !== 'number') throw new WireRefusal(field, raw, 'a number of hours');
  return wireFundingInterval(hours * HOUR_MS, field);
};

/** A step, size or amount of an instrument, kept as text for decimals. */
export function wireStep(raw: unknown, field: string): string {
  if (wireSize(raw, field) > 0) return String(raw);
  throw new WireRefusal(field, raw, 'a plain decimal above zero');
}
