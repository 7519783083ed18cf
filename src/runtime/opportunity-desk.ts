// Runs the strategies over what changed and passes on what the decision plane should know:
// opportunities, refusals whose gate is news, exit signals. What stays as it is is told less and
// less, and until it may be told again no strategy prices it: nearly every change of a book is of a
// pair that was answered a moment ago.
import type { Candidate, HeldPosition, Input, Ms, TradeId } from '../domain/index.ts';
import { toMs } from '../domain/index.ts';
import type { InstrumentView, MarketView } from '../market/view.ts';
import type { Strategy } from '../strategies/strategy.ts';

/** The first repetition of an opportunity waits this long, each further one twice as long. */
const QUIET_MS_FIRST = 500;
const QUIET_MS_MAX = 30_000;
/** A pair's refusals are recorded at most so often. */
const REFUSAL_EVERY_MS = 60_000;
/**
 * A pair that was refused is not looked at again for this long: funding moves in minutes, and an
 * edge that grows beyond its threshold may be taken so much later.
 */
const REFUSED_QUIET_MS = 1_000;

export interface OpportunityDeskParts {
  readonly market: MarketView;
  readonly strategies: readonly Strategy[];
  readonly accept: (input: Input) => void;
}

export class OpportunityDesk {
  readonly #parts: OpportunityDeskParts;
  readonly #held = new Map<TradeId, HeldPosition>();
  readonly #quietUntilAtMs = new Map<string, number>();
  /** How long each key was last kept quiet as an opportunity. */
  readonly #quietMs = new Map<string, number>();
  readonly #refusedUntilAtMs = new Map<string, number>();

  #nowMs = 0;

  constructor(parts: OpportunityDeskParts) {
    this.#parts = parts;
  }

  hold(tradeId: TradeId, held: HeldPosition): void {
    this.#held.set(tradeId, held);
  }

  /** The trade leaves; what was held back about its asset may be told again at once. */
  release(tradeId: TradeId): void {
    this.#held.delete(tradeId);
    this.#quietUntilAtMs.clear();
    this.#quietMs.clear();
  }

  /** After each change of an instrument. */
  changed(view: InstrumentView, atMs: Ms): void {
    const { instrumentId } = view.instrument;
    for (const [tradeId, held] of this.#held) {
      if (held.legs.some((leg) => leg.instrumentId === instrumentId)) {
        this.#checkExit(tradeId, held, atMs);
      }
    }
    this.#nowMs = atMs;
    for (const strategy of this.#parts.strategies) {
      const candidates = strategy.discover(this.#parts.market, view, atMs, this.#isTold);
      for (const candidate of candidates) this.#tell(candidate, atMs);
    }
  }

  /** Time passes for held positions too, with or without data. */
  poll(atMs: Ms): void {
    for (const [tradeId, held] of this.#held) this.#checkExit(tradeId, held, atMs);
  }

  #checkExit(tradeId: TradeId, held: HeldPosition, atMs: Ms): void {
    const strategy = this.#parts.strategies.find(({ name }) => name === held.plan.strategy);
    const signal = strategy?.exit(this.#parts.market, held, atMs);
    if (signal === undefined) return;
    this.#held.delete(tradeId);
    const { reason, expectedBps } = signal;
    this.#parts.accept({ type: 'exit.signalled', tradeId, reason, expectedBps });
  }

  readonly #isTold = (key: string): boolean =>
    this.#nowMs < (this.#quietUntilAtMs.get(key) ?? -Infinity);

  #tell(candidate: Candidate, atMs: Ms): void {
    if (candidate.kind === 'refused') {
      this.#tellRefusal(candidate, atMs);
      return;
    }
    const { opportunity, plan } = candidate;
    const { key } = opportunity;
    if (this.#isTold(key)) return;
    const lastQuietMs = this.#quietMs.get(key);
    const quietMs =
      lastQuietMs === undefined ? QUIET_MS_FIRST : Math.min(lastQuietMs * 2, QUIET_MS_MAX);
    this.#quietMs.set(key, quietMs);
    this.#quietUntilAtMs.set(key, atMs + quietMs);
    this.#parts.accept({ type: 'opportunity.found', opportunity, plan });
  }

  #tellRefusal(candidate: Extract<Candidate, { kind: 'refused' }>, atMs: Ms): void {
    const { key, strategy, refusal } = candidate;
    if (this.#isTold(key)) return;
    this.#quietUntilAtMs.set(key, atMs + REFUSED_QUIET_MS);
    const name = `${key} ${refusal.gate}`;
    if (atMs < (this.#refusedUntilAtMs.get(name) ?? -Infinity)) return;
    this.#refusedUntilAtMs.set(name, toMs(atMs + REFUSAL_EVERY_MS));
    this.#parts.accept({ type: 'candidate.refused', strategy, key, refusal });
  }
}
