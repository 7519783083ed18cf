// Shapes that all venues share: JSON objects, and lists of book levels read straight into flat
// numbers. The levels are checked by hand, because every depth frame passes here.
import type { ZodType } from 'zod';
import type { DigitLevel } from '../market/digit-book.ts';
import { WireRefusal, wirePrice, wireSize } from './wire-value.ts';

export type WireRecord = Readonly<Record<string, unknown>>;

/** More levels than any venue sends in one frame. */
const LEVELS_MAX = 10_000;

export function parseWire(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new WireRefusal('frame', text, 'JSON');
  }
}

export const isRecord = (raw: unknown): raw is WireRecord =>
  typeof raw === 'object' && raw !== null && !Array.isArray(raw);

export function wireRecord(raw: unknown, field: string): WireRecord {
  if (isRecord(raw)) return raw;
  throw new WireRefusal(field, raw, 'an object');
}

export function wireList(raw: unknown, field: string): readonly unknown[] {
  if (Array.isArray(raw) && raw.length <= LEVELS_MAX) return raw as readonly unknown[];
  throw new WireRefusal(field, raw, `a list of at most ${LEVELS_MAX}`);
}

/** `[["price","size",…],…]` as price, size, price, size …; what follows in a level is ignored. */
export function wireLevels(raw: unknown, field: string): number[] {
  const levels = wireList(raw, field);
  const flat: number[] = [];
  for (const level of levels) {
    if (!Array.isArray(level)) throw new WireRefusal(field, level, 'a price and a size');
    const [price, size] = level as readonly unknown[];
    flat.push(wirePrice(price, field), wireSize(size, field));
  }
  return flat;
}

/** The same levels in the venue's own digits; call it after the numbers were checked. */
export const wireDigits = (raw: unknown, field: string): readonly DigitLevel[] =>
  wireList(raw, field).map((level) => {
    const [price, size] = wireList(level, field);
    return [String(price), String(size)];
  });

/** A REST reply in its expected shape; the refusal names the first field that is not. */
export function wireReply<Reply>(schema: ZodType<Reply>, raw: unknown, name: string): Reply {
  const parsed = schema.safeParse(raw);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const path = [name, ...(issue?.path ?? []).map(String)].join('.');
  throw new WireRefusal(path, raw, issue?.message ?? 'in the documented shape');
}
