// What an exchange process must find again beside its accounts: the seed of its market, its clock
// against the wall clock, and the ports under which engines know it.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { z } from 'zod';

import { writeDurably } from '../journal/durable-file.ts';
import { Failure } from './exit-code.ts';

const port = z.number().int().min(1).max(65_535);
const memoSchema = z.object({
  format: z.literal('trinity-exchange'),
  version: z.literal(1),
  seed: z.number(),
  /** The exchange's clock and the wall clock at the same instant. */
  atMs: z.number(),
  wallAtMs: z.number(),
  port,
  ports: z.object({ binanceusdm: port, bybit: port, okx: port }),
});

export type ExchangeMemo = Omit<z.output<typeof memoSchema>, 'format' | 'version'>;

const memoPath = (folder: string): string => join(folder, 'exchange.json');

export function writeExchangeMemo(folder: string, memo: ExchangeMemo): void {
  const text = JSON.stringify({ format: 'trinity-exchange', version: 1, ...memo });
  writeDurably(memoPath(folder), `${text}\n`);
}

/** Undefined in a folder that no exchange has used; another seed would be another market. */
export function readExchangeMemo(folder: string, seed: number): ExchangeMemo | undefined {
  const path = memoPath(folder);
  if (!existsSync(path)) return undefined;
  const parsed = memoSchema.safeParse(parseJson(readFileSync(path, 'utf8')));
  if (!parsed.success) {
    throw new Failure('data', `${path} is not the memo of an exchange; name another --ledger`);
  }
  if (parsed.data.seed === seed) return parsed.data;
  const text = `${path} is of seed ${parsed.data.seed}, not ${seed}; name another --ledger`;
  throw new Failure('usage', text);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
