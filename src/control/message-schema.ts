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
