// Runs the strategies over what changed and passes on what the decision plane should know: opportunities,
// refusals whose gate is news, exit signals. A key that is refused again and again is told less and less.
import type { Candidate, HeldPosition, Input, Ms, TradeId } from '../domain/index.ts';
import { toMs } from '../domain/index.ts';
import type { InstrumentView, MarketView } from '../market/view.ts';
import type { Strategy } from '../strategies/strategy.ts';

/** The first repetition of an opportunity waits this long, each further one twice as long. */
const QUIET_MS_FIRST = 500;
const QUIET_MS_MAX = 30_000;
/** A pair's refusals are recorded at most so often. */
const REFUSAL_EVERY_MS = 60_000;

interface Told {
  untilAtMs: number;
  quietMs: number;
}

export interface OpportunityDeskParts {
  readonly market: MarketView;
  readonly strategies: readonly Strategy[];
  readonly accept: (input: Input) => void;
}

export class OpportunityDesk {
  readonly #parts: OpportunityDeskParts;
  readonly #held = new Map<TradeId, HeldPosition>();
  readonly #told = new Map<string, Told>();
  readonly #refusedUntilAtMs = new Map<string, number>();

  constructor(parts: OpportunityDeskParts) {
    this.#parts = parts;
  }

  hold(tradeId: TradeId, held: HeldPosition): void {
    this.#held.set(tradeId, held);
  }

  /** The trade leaves; what was held back about its asset may be told again at once. */
  release(tradeId: TradeId): void {
    this.#held.delete(tradeId);
    this.#told.clear();
  }

  /** After each change of an instrument. */
  changed(view: InstrumentView, atMs: Ms): void {
    const { instrumentId } = view.instrument;
    for (const [tradeId, held] of this.#held) {
      if (held.legs.some((leg) => leg.instrumentId === instrumentId)) {
        this.#checkExit(tradeId, held, atMs);
      }
    }
    for (const strategy of this.#parts.strategies) {
      const candidates = strategy.discover(this.#parts.market, view, atMs);
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

  #tell(candidate: Candidate, atMs: Ms): void {
    if (candidate.kind === 'refused') {
      this.#tellRefusal(candidate, atMs);
      return;
    }
    const { opportunity, plan } = candidate;
    const told = this.#told.get(opportunity.key);
    if (told !== undefined && atMs < told.untilAtMs) return;
    const quietMs = told === undefined ? QUIET_MS_FIRST : Math.min(told.quietMs * 2, QUIET_MS_MAX);
    this.#told.set(opportunity.key, { untilAtMs: atMs + quietMs, quietMs });
    this.#parts.accept({ type: 'opportunity.found', opportunity, plan });
  }

  #tellRefusal(candidate: Extract<Candidate, { kind: 'refused' }>, atMs: Ms): void {
    const { key, strategy, refusal } = candidate;
    const name = `${key} ${refusal.gate}`;
    if (atMs < (this.#refusedUntilAtMs.get(name) ?? 0)) return;
    this.#refusedUntilAtMs.set(name, toMs(atMs + REFUSAL_EVERY_MS));
    this.#parts.accept({ type: 'candidate.refused', strategy, key, refusal });
  }
}
