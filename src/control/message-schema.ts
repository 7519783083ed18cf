// What may be said at the door of a running engine: one JSON object per line and way. A request
// that is not one of these is refused before anybody looks at it.
import { z } from 'zod';

/** Grows when a request or an answer changes its meaning; those that end risk never do. */
export const CONTROL_VERSION = 1;
/** Of one line. */
export const LINE_BYTES_MAX = 16_384;

/** Chosen by the one who asks; the same id is the same request, and is answered once. */
const id = z.string().min(8).max(64);
const head = { v: z.literal(CONTROL_VERSION), id };
/** What takes risk away is heard from every version that says it in the same words. */
const headOfAny = { v: z.int().positive(), id };
const reason = z.string().max(500);

export const requestSchema = z.discriminatedUnion('type', [
  z.strictObject({ ...headOfAny, type: z.literal('operator.halt'), reason }),
  z.strictObject({ ...head, type: z.literal('operator.resume') }),
  z.strictObject({ ...headOfAny, type: z.literal('operator.kill'), reason }),
  z.strictObject({ ...headOfAny, type: z.literal('operator.stop'), reason }),
  z.strictObject({ ...head, type: z.literal('journal.flush') }),
  z.strictObject({ ...head, type: z.literal('engine.status') }),
  z.strictObject({
    ...head,
    type: z.literal('database.ask'),
    word: z.enum(['migrate', 'rebuild', 'status']),
  }),
]);

export type ControlRequest = z.output<typeof requestSchema>;

export const answerSchema = z.discriminatedUnion('type', [
  z.object({ v: z.number(), id: z.string(), type: z.literal('progress'), text: z.string() }),
  z.object({ v: z.number(), id: z.string(), type: z.literal('done'), result: z.unknown() }),
  z.object({
    v: z.number(),
    /** Absent when the request could not be read. */
    id: z.string().nullable(),
    type: z.literal('refused'),
    code: z.string(),
    text: z.string(),
  }),
]);

export type ControlAnswer = z.output<typeof answerSchema>;

/** How the engine stands after a command, durably. */
export const standingSchema = z.object({
  runId: z.string(),
  pid: z.number(),
  state: z.string(),
  openTrades: z.number(),
  seq: z.number(),
});

export type Standing = Readonly<z.output<typeof standingSchema>>;

/** Trades of a run, as its result counts them. */
export const tradeCountsSchema = z.object({
  started: z.number(),
  closed: z.number(),
  panicked: z.number(),
  missed: z.number(),
  open: z.number(),
  exposed: z.number(),
});

/** What the engine is doing; instants are by the clock of its run. */
export const statusSchema = z.object({
  runId: z.string(),
  pid: z.number(),
  engineVersion: z.string(),
  mode: z.string(),
  feed: z.string(),
  seed: z.number(),
  state: z.string(),
  /** Null, as the figures, while what a resumed run did before is still being read. */
  stateAtMs: z.number().nullable(),
  /** What an operator, the risk-guard or the lease gave for it; empty where nobody did. */
  reason: z.string(),
  startedAtMs: z.number(),
  atMs: z.number(),
  seq: z.number(),
  trades: tradeCountsSchema.nullable(),
  profitUsd: z.string().nullable(),
  openTrades: z.array(
    z.object({
      tradeId: z.string(),
      key: z.string(),
      state: z.string(),
      /** `qty` is what it holds, signed, in the base asset. */
      legs: z.array(z.object({ instrumentId: z.string(), status: z.string(), qty: z.string() })),
    }),
  ),
  streams: z.array(
    z.object({
      venueId: z.string(),
      healthyCount: z.number(),
      count: z.number(),
      /** Age of the oldest book; null while none is healthy. */
      oldestMs: z.number().nullable(),
    }),
  ),
  /** The latest, newest last. */
  alerts: z.array(
    z.object({ atMs: z.number(), severity: z.string(), code: z.string(), text: z.string() }),
  ),
  /** Null where none is needed: without Redis, or in virtual time. */
  lease: z.enum(['held', 'doubtful', 'unreachable', 'superseded']).nullable(),
});

export type EngineStatus = Readonly<z.output<typeof statusSchema>>;

/** Where the door is; a file in the data folder says it. */
export const addressSchema = z.object({
  format: z.literal('trinity-door'),
  version: z.number(),
  /** Absent in notes of engines that did not say it yet. */
  engineVersion: z.string().optional(),
  pid: z.number().int(),
  socketPath: z.string(),
});

export type DoorAddress = Readonly<z.output<typeof addressSchema>>;
