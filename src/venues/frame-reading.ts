// What a mapper makes of one frame. A frame that cannot be read is a value, never an exception
// that escapes, and names the instrument whose stream it breaks where that much could be read.
import type { InstrumentId, MarketEvent } from '../domain/index.ts';
import type { DigitUpdate } from '../market/checksum.ts';
import { WireRefusal } from './wire-value.ts';

export type FrameReading =
  | {
      readonly type: 'events';
      readonly events: readonly MarketEvent[];
      /** Only where the frame carries a checksum to hold against. */
      readonly digits?: DigitUpdate;
    }
  | { readonly type: 'pong' }
  /** The venue confirms something that we asked for. */
  | { readonly type: 'ack' }
  /** The venue turned down something that we asked for. */
  | { readonly type: 'rejected'; readonly cause: string }
  /** Understood to be none of our business. */
  | { readonly type: 'ignored' }
  | { readonly type: 'refused'; readonly cause: string; readonly instrumentId?: InstrumentId };

/** The instruments that we listen to, by the venue's own names. */
export type SymbolTable = ReadonlyMap<string, InstrumentId>;

export const PONG: FrameReading = Object.freeze({ type: 'pong' });
export const ACK: FrameReading = Object.freeze({ type: 'ack' });
export const IGNORED: FrameReading = Object.freeze({ type: 'ignored' });

/** Runs a mapper; what it refuses becomes a reading that says which venue sent it. */
export function reading(
  venue: string,
  instrumentId: InstrumentId | undefined,
  read: () => FrameReading,
): FrameReading {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof WireRefusal)) throw error;
    const cause = `${venue}: ${error.message}`;
    return { type: 'refused', cause, ...(instrumentId !== undefined && { instrumentId }) };
  }
}
