// The local protocol between an engine and an exchange process: one JSON object per line over TCP
// on loopback, at most so many bytes each, the first of each side a greeting with the version.
// Nothing is resumed: what is reported while nobody listens is lost, as on private streams of real
// venues.
import { z } from 'zod';
import { atMs, orderRef, orderRequest, usd, venueId } from '../../ports/order-schema.ts';
import { venueReport } from '../../ports/order-schema.ts';

export const LOCAL_PROTOCOL = 1;
/** Far above any order, far below what could hurt. */
export const REQUEST_BYTES_MAX = 64 * 1024;
export const REPLY_BYTES_MAX = 8 * 1024 * 1024;

const address = z.object({ rest: z.string().max(200), ws: z.string().max(200) });

/** What a client may say; the first word is `hello`. */
const localRequest = z.discriminatedUnion('type', [
  z.object({ type: z.literal('hello'), protocol: z.number(), venueId }),
  z.object({ type: z.literal('place'), order: orderRequest }),
  z.object({ type: z.literal('cancel'), order: orderRef }),
  z.object({ type: z.literal('query'), order: orderRef }),
  z.object({ type: z.literal('account') }),
  z.object({ type: z.literal('activity'), sinceAtMs: atMs }),
  z.object({ type: z.literal('ping'), count: z.number() }),
  /** For tests and people: a deposit, or a withdrawal where it is negative. */
  z.object({ type: z.literal('transfer'), amountUsd: usd }),
  /** For tests and people: everything that the venue knows of the account. */
  z.object({ type: z.literal('ledger') }),
]);
export type LocalRequest = z.output<typeof localRequest>;

/** What the exchange says. `ledger` and `declined` are for others than engines. */
const localReply = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('welcome'),
    protocol: z.number(),
    venueId,
    /** The exchange's clock, which is that of its prices. */
    nowMs: atMs,
    /** Where the prices are that it trades on. */
    prices: z.record(z.string().max(100), address),
  }),
  z.object({ type: z.literal('report'), report: venueReport }),
  z.object({ type: z.literal('pong'), count: z.number() }),
  /** The protocol was broken; nothing follows. */
  z.object({ type: z.literal('refused'), cause: z.string().max(2_000) }),
  /** A transfer that is not made; the connection goes on. */
  z.object({ type: z.literal('declined'), cause: z.string().max(2_000) }),
  z.object({ type: z.literal('ledger'), account: z.unknown() }),
]);
export type LocalReply = z.output<typeof localReply>;

/** The message, or why it is none. */
export const readRequest = (line: string): LocalRequest | string => readLine(localRequest, line);
export const readReply = (line: string): LocalReply | string => readLine(localReply, line);

function readLine<Message>(schema: z.ZodType<Message>, line: string): Message | string {
  const parsed = schema.safeParse(parseJson(line));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const path = (issue?.path ?? []).map(String).join('.');
  const found = line.length > 80 ? `${line.slice(0, 80)}…` : line;
  return `${path === '' ? 'message' : path}: ${issue?.message ?? 'not understood'}, found ${found}`;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Cuts a stream into lines; what has no newline yet waits, up to the bound. */
export class LineSplitter {
  readonly #bytesMax: number;
  readonly #line: (line: string) => void;
  #parts: Buffer[] = [];
  #bytes = 0;

  constructor(bytesMax: number, line: (line: string) => void) {
    this.#bytesMax = bytesMax;
    this.#line = line;
  }

  /** False once a line is longer than it may be: nothing after it can be trusted. */
  take(chunk: Buffer): boolean {
    let from = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, from)) {
      if (!this.#keep(chunk.subarray(from, end))) return false;
      const line = Buffer.concat(this.#parts).toString('utf8');
      this.#parts = [];
      this.#bytes = 0;
      from = end + 1;
      this.#line(line);
    }
    return this.#keep(chunk.subarray(from));
  }

  #keep(part: Buffer): boolean {
    this.#bytes += part.length;
    if (this.#bytes > this.#bytesMax) return false;
    if (part.length > 0) this.#parts.push(part);
    return true;
  }
}
