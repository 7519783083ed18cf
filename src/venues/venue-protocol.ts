// All that differs between the venues whose streams we read: addresses, what to say, and how to
// read what comes back. The feed around it is the same for all.
import type { BookSnapshot, InstrumentId, Ms, VenueId } from '../domain/index.ts';
import type { BookChecksum } from '../market/checksum.ts';
import type { FrameReading, SymbolTable } from './frame-reading.ts';
import type { Listing, WantedSymbols } from './listing.ts';
import type { LineAddress } from './reconnecting-socket.ts';
import type { GetJson } from './rest-client.ts';

/** How a book's snapshot comes. */
export type SnapshotRoad =
  | {
      readonly type: 'request';
      readonly path: (venueSymbol: string) => string;
      readonly read: (reply: unknown, instrumentId: InstrumentId) => BookSnapshot;
    }
  | {
      readonly type: 'stream';
      /** What to say so that the stream starts again with a snapshot. */
      readonly again: (venueSymbol: string) => readonly string[];
    };

export interface VenueProtocol {
  readonly venueId: VenueId;
  readonly timePath: string;
  readonly readTime: (reply: unknown) => Ms;
  readonly list: (get: GetJson, wanted: WantedSymbols) => Promise<Listing>;
  readonly lines: (wsUrl: string, venueSymbols: readonly string[]) => readonly LineAddress[];
  readonly pingText: string | undefined;
  /** Where the venue cuts connections of a certain age, ours is renewed before. */
  readonly lifeMs: Ms | undefined;
  readonly read: (text: string, symbols: SymbolTable) => FrameReading;
  readonly snapshots: SnapshotRoad;
  /** Where frames may carry one. */
  readonly checksum: BookChecksum | undefined;
}
