// How each venue's book updates hang together: whether a delta follows what the book already
// holds, carries nothing new, or proves that something is missing. Pure rules, one per venue;
// they touch no book.
import type { BookDelta } from '../domain/index.ts';

/** Where a book stands: the id it holds, and whether a delta has followed its snapshot yet. */
export interface Position {
  readonly sequence: number;
  readonly isChained: boolean;
}

export type Continuity = 'follows' | 'stale' | 'gap';

export interface ContinuityRule {
  readonly name: string;
  /** Snapshots come by another road, so deltas may arrive before theirs and must wait for it. */
  readonly hasSeparateSnapshot: boolean;
  judge(position: Position, delta: BookDelta): Continuity;
}

/** https://developers.binance.com/docs/binance-spot-api-docs/web-socket-streams */
export const BINANCE_SPOT: ContinuityRule = {
  name: 'binance',
  hasSeparateSnapshot: true,
  judge({ sequence, isChained }, delta) {
    if (delta.sequence <= sequence) return 'stale';
    const next = sequence + 1;
    const follows = isChained ? delta.firstSequence === next : delta.firstSequence <= next;
    return follows ? 'follows' : 'gap';
  },
};

/**
 * https://developers.binance.com/docs/derivatives/usds-margined-futures/websocket-market-streams
 * The first delta contains the snapshot's id, or names it as its predecessor.
 */
export const BINANCE_USDM: ContinuityRule = {
  name: 'binanceusdm',
  hasSeparateSnapshot: true,
  judge({ sequence, isChained }, delta) {
    if (delta.previousSequence === sequence && delta.sequence >= sequence) return 'follows';
    if (isChained) return delta.sequence <= sequence ? 'stale' : 'gap';
    if (delta.sequence < sequence) return 'stale';
    return delta.firstSequence <= sequence ? 'follows' : 'gap';
  },
};

/**
 * https://www.okx.com/docs-v5/en/#order-book-trading-market-data-ws-order-book-channel
 * Equal ids are a heartbeat. After maintenance ids start lower: only a snapshot may bring that,
 * so an older id is a gap and not a repetition.
 */
export const OKX: ContinuityRule = {
  name: 'okx',
  hasSeparateSnapshot: false,
  judge({ sequence }, delta) {
    if (delta.sequence === sequence) return 'stale';
    return delta.previousSequence === sequence && delta.sequence > sequence ? 'follows' : 'gap';
  },
};

/**
 * https://bybit-exchange.github.io/docs/v5/websocket/public/orderbook
 * The venue promises that `u` grows, not that it grows by one, so a lost delta shows only in a
 * crossed or stale book. One that goes back was overtaken by another: the book is already wrong.
 */
export const BYBIT: ContinuityRule = {
  name: 'bybit',
  hasSeparateSnapshot: false,
  judge({ sequence }, delta) {
    if (delta.sequence === sequence) return 'stale';
    return delta.sequence > sequence ? 'follows' : 'gap';
  },
};

/** No ids at all: the feed compares checksums over the digits and asks for a snapshot itself. */
export const CHECKSUM_ONLY: ContinuityRule = {
  name: 'checksum',
  hasSeparateSnapshot: false,
  judge: () => 'follows',
};

export const VENUE_RULES: Readonly<Record<string, ContinuityRule>> = {
  binance: BINANCE_SPOT,
  binanceusdm: BINANCE_USDM,
  bybit: BYBIT,
  kraken: CHECKSUM_ONLY,
  okx: OKX,
};
