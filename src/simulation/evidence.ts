// What one simulated run leaves behind: plain strings and numbers that the world writes down and
// the checker reads. Everything in it comes from the venues, the disk and the wire, or is the text
// of the journal; nothing comes out of the engine's memory. Lists are in the order of happening.

/** All instants are the world's own virtual time, whatever the clock of the engine shows. */
export interface RunEvidence {
  readonly seed: number;
  readonly startedAtMs: number;
  /** From here on no fault is active: what follows must be live. */
  readonly healedAtMs: number;
  readonly endedAtMs: number;
  readonly limits: LimitsEvidence;
  /** One per start of an engine, in order; each journal line and message names its life. */
  readonly lives: readonly LifeEvidence[];
  /** What is readable on the disk at the end of the run, over all lives. */
  readonly journal: readonly JournalLine[];
  /** Each recorded input given to fresh machines of the same make once more. */
  readonly replay: ReplayEvidence | null;
  readonly instruments: readonly InstrumentEvidence[];
  readonly venues: readonly VenueEvidence[];
  /** The wire, as it left the engine: every message, whether or not it arrived. */
  readonly sent: readonly SentMessage[];
  readonly faults: readonly FaultWindow[];
  /** When data could not be used to enter; absent time was good. */
  readonly badData: readonly BadDataWindow[];
  readonly commands: readonly CommandEvidence[];
  /** Empty where no lease is simulated: then every life may place orders. */
  readonly leases: readonly LeaseWindow[];
  readonly queues: readonly QueueEvidence[];
}

export interface Window {
  readonly fromAtMs: number;
  readonly toAtMs: number;
}

/** The limits in force, decimals as text. */
export interface LimitsEvidence {
  readonly openTradesMax: number;
  readonly tradeNotionalUsdMax: string;
  readonly leverage: string;
  readonly marginUsageMax: string;
  readonly orphanMsMax: number;
  readonly orphanUsdMin: string;
  readonly staleAfterMs: number;
  readonly propagationMs: number;
  /** How often the shell looks at what it watches: the grain of every reaction to silence. */
  readonly watchEveryMs: number;
}

export interface LifeEvidence {
  /** Counts from 1 over the run. */
  readonly life: number;
  /** Engines that run at the same time differ in this name: `a`, `b`. */
  readonly engineId: string;
  readonly startedAtMs: number;
  /** Null while it runs at the end of the run. */
  readonly endedAtMs: number | null;
  /** `killed`, `stopped`, `left`, `failed: …`; empty while it runs. */
  readonly cause: string;
}

export interface JournalLine {
  readonly life: number;
  /** The JSON of one step record: `{seq, atMs, input, transitions, effects, hash}`. */
  readonly text: string;
  /** World time at which the journal took it. */
  readonly appendedAtMs: number;
  /** World time at which it was safe on the disk; null when it survived without that promise. */
  readonly durableAtMs: number | null;
}

export interface ReplayEvidence {
  readonly headHash: string;
  /** The first record that came out differently; null when all are equal. */
  readonly divergedAtSeq: number | null;
}

export interface InstrumentEvidence {
  readonly instrumentId: string;
  readonly venueId: string;
  readonly base: string;
  readonly takerFeeRate: string;
  readonly makerFeeRate: string;
}

export interface VenueEvidence {
  readonly venueId: string;
  /** Every request that reached the venue. */
  readonly requests: readonly VenueRequest[];
  /** Every order that the venue took, strangers' included. */
  readonly orders: readonly VenueOrderEvidence[];
  readonly executions: readonly Execution[];
  readonly fundings: readonly FundingEvidence[];
  readonly transfers: readonly TransferEvidence[];
  readonly ledger: readonly LedgerLine[];
  /** At the end of the run; flat ones may be left out. */
  readonly positions: readonly { readonly instrumentId: string; readonly qty: string }[];
  readonly balanceUsd: string;
  /** When it took no order, or answered none in time, whatever the reason: down, away, refusing,
   * slow, without a book. Entry refusals and delays of single messages count. */
  readonly impaired: readonly Window[];
}

export interface VenueRequest {
  readonly atMs: number;
  /** 0 for a stranger's. */
  readonly life: number;
  readonly kind: 'place' | 'cancel' | 'query' | 'account' | 'activity';
  /** Empty for account and activity. */
  readonly clientOrderId: string;
  readonly instrumentId: string;
  /** For placements; empty strings and false otherwise. */
  readonly side: string;
  readonly qty: string;
  readonly limitPrice: string;
  readonly reduceOnly: boolean;
  /** `accepted`, `rejected:<code>`, `answered`, `lost`. */
  readonly outcome: string;
}

export interface VenueOrderEvidence {
  readonly clientOrderId: string;
  readonly venueOrderId: string;
  readonly instrumentId: string;
  readonly side: string;
  readonly qty: string;
  readonly limitPrice: string;
  readonly reduceOnly: boolean;
  /** A stranger's order on the same account: nothing of ours may touch it. */
  readonly isForeign: boolean;
  readonly acceptedAtMs: number;
  readonly fate: 'open' | 'filled' | 'cancelled' | 'expired';
  readonly endedAtMs: number | null;
  readonly filledQty: string;
}

export interface Execution {
  readonly fillId: string;
  readonly clientOrderId: string;
  readonly instrumentId: string;
  readonly side: string;
  readonly qty: string;
  readonly price: string;
  /** Positive is paid by us. */
  readonly feeUsd: string;
  readonly liquidity: 'maker' | 'taker';
  readonly filledAtMs: number;
  /** Trades of ours, closings by the venue, or of a stranger on the same account. */
  readonly kind: 'own' | 'liquidation' | 'foreign';
}

export interface FundingEvidence {
  readonly instrumentId: string;
  readonly fundingAtMs: number;
  readonly fundingRate: string;
  readonly positionQty: string;
  readonly markPrice: string;
  /** Positive is received by us. */
  readonly amountUsd: string;
  readonly paidAtMs: number;
}

export interface TransferEvidence {
  readonly transferId: string;
  readonly kind: 'deposit' | 'withdrawal' | 'insurance';
  /** Positive is received by us. */
  readonly amountUsd: string;
  readonly madeAtMs: number;
}

export interface LedgerLine {
  readonly ordinal: number;
  readonly atMs: number;
  readonly kind: 'deposit' | 'withdrawal' | 'realised' | 'fee' | 'funding' | 'insurance';
  readonly amountUsd: string;
  readonly balanceUsd: string;
  readonly instrumentId: string;
  readonly fillId: string;
}

export interface SentMessage {
  readonly atMs: number;
  readonly life: number;
  readonly venueId: string;
  readonly kind: VenueRequest['kind'];
  readonly clientOrderId: string;
  readonly instrumentId: string;
  readonly side: string;
  readonly qty: string;
  readonly limitPrice: string;
  readonly reduceOnly: boolean;
}

export interface FaultWindow extends Window {
  /** `N06`, `ack-lost`, `process-killed`: the name under which the swarm switches it on. */
  readonly kind: string;
  readonly venueId?: string;
}

export interface BadDataWindow extends Window {
  readonly instrumentId: string;
  /**
   * `stale`: while the newest data that arrived was made longer ago than the limit, in true time.
   * `gapped`: from the message that shows the gap, until a snapshot arrives. `crossed`: as held by
   * one who applied all. `away`: not connected.
   */
  readonly kind: 'stale' | 'gapped' | 'crossed' | 'away';
}

export interface CommandEvidence {
  /** When the operator's word reached the engine; while none runs, it is not given. */
  readonly atMs: number;
  readonly life: number;
  readonly type:
    'operator.halt' | 'operator.resume' | 'operator.kill' | 'operator.stop' | 'operator.leave';
  readonly reason: string;
}

export interface LeaseWindow extends Window {
  readonly engineId: string;
  readonly fence: number;
}

export interface QueueEvidence {
  readonly name: string;
  readonly highest: number;
  readonly limit: number;
}

export interface Violation {
  /** `I1` … `I22`. */
  readonly invariant: string;
  readonly atMs: number;
  /** In words, with the values. */
  readonly text: string;
  /** The lines that show it, as text. */
  readonly evidence: readonly string[];
}
