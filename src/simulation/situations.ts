// The hard situations that a swarm must reach, counted from the journal as it grows and from what
// the world does to the engine: a swarm that never met one has proven nothing about it.
import type { Input, StepRecord, TradeId } from '../domain/index.ts';
import { orderOrigin } from '../domain/index.ts';
import { namesAt, textAt } from './checker/json.ts';
import { BANNED } from './venue-site.ts';

export const SITUATIONS = [
  'leg 1 filled, leg 2 rejected',
  'unknown order later filled',
  'unknown order later proven absent',
  'fill before ack',
  'restart between intent and send',
  'restart with one leg open',
  'crash loop held back a trade',
  'ban while a hedge is needed',
  'leg closed by its venue',
  'late fill explained a correction',
  'funding settlement between exit legs',
  'kill switch during chase',
  'stop with a trade open',
  'leave with a trade open',
  'book gap during decision',
  'both venues down',
  'daily loss limit reached',
  'duplicate command',
] as const;

export type Situation = (typeof SITUATIONS)[number];

/** What the world knows at a step, beside the record. */
export interface WorldView {
  isBanned(venueId: string): boolean;
  /** How many venues can neither be heard nor spoken to. */
  downCount(): number;
}

/** How a process died, and how long the next one took to know where it stands. */
export interface Restart {
  /** The kill point, or `at any time`; empty when nobody killed it. */
  readonly killedAt: string;
  /**
   * From the record that resumed the run until nothing was unknown, alone or unreconciled; null
   * when it died or the simulation ended before.
   */
  safeAfterMs: number | null;
}

const GONE = '-';

export class Situations {
  readonly counts = new Map<Situation, number>();
  readonly worst = { orphanMs: 0, unhedgedMs: 0 };
  readonly restarts: Restart[] = [];
  readonly states = new Map<string, string>();
  readonly #runTag: string;
  readonly #world: WorldView;
  readonly #unknown = new Set<string>();
  readonly #filledLegs = new Map<TradeId, Set<string>>();
  readonly #acked = new Set<string>();
  /** By trade: how much its legs hold beyond their fills. */
  readonly #unexplained = new Map<string, number>();
  #lastCommand = '';
  #resumedAtMs: number | undefined;
  /** Accounts that the engine has yet to see; a halted one sees to them too. */
  #awaitedCount = 0;
  #venueCount = 0;

  constructor(runTag: string, world: WorldView) {
    this.#runTag = runTag;
    this.#world = world;
  }

  note(situation: Situation): void {
    this.counts.set(situation, (this.counts.get(situation) ?? 0) + 1);
  }

  step(record: StepRecord): void {
    const { input, transitions, atMs } = record;
    this.#noteInput(input);
    for (const { actor, from, to, event, changed } of transitions) {
      if (from !== to) this.states.set(actor, to);
      if (event === 'operator.kill' && to === 'killed') this.#killed();
      this.#noteLeg(actor, from, to, event);
      if ('legs' in changed) this.#noteExplained(actor, changed['legs'], input);
      const { orphanMsWorst, unhedgedMsWorst, lastRefusal, awaited } = changed;
      if (actor === 'engine' && Array.isArray(awaited)) this.#awaitedCount = awaited.length;
      if (isRefusal(lastRefusal, 'daily-loss')) this.note('daily loss limit reached');
      if (typeof orphanMsWorst === 'number') this.#worse('orphanMs', orphanMsWorst);
      if (typeof unhedgedMsWorst === 'number') this.#worse('unhedgedMs', unhedgedMsWorst);
    }
    if (input.type === 'run.started') this.#venueCount = input.venues.length;
    if (input.type === 'run.resumed') this.#resumed(record);
    this.#noteSafety(atMs);
    if (this.#exposed().length > 0) this.#noteExposed(input);
  }

  /** The process died here; `hasUnsentIntent`: an order is on the disk that never left. */
  died({
    killedAt,
    hasUnsentIntent,
  }: {
    readonly killedAt: string;
    readonly hasUnsentIntent: boolean;
  }): void {
    this.restarts.push({ killedAt, safeAfterMs: null });
    this.#resumedAtMs = undefined;
    if (hasUnsentIntent) this.note('restart between intent and send');
    if (this.#exposed().length > 0) this.note('restart with one leg open');
  }

  /** What a death took from the disk never was: the record says what the engine has now. */
  #resumed({ transitions, atMs }: StepRecord): void {
    for (const actor of this.states.keys()) this.states.set(actor, GONE);
    for (const { actor, to } of transitions) this.states.set(actor, to);
    this.#awaitedCount = this.#venueCount;
    this.#resumedAtMs = atMs;
  }

  /** Names of trades that carry delta. */
  #exposed(): readonly string[] {
    return [...this.states].filter(([, state]) => isExposed(state)).map(([actor]) => actor);
  }

  #noteExposed(input: Input): void {
    if (input.type === 'order.rejected' && input.code === BANNED) {
      this.note('ban while a hedge is needed');
    }
    if (input.type === 'stream.gapped') this.note('book gap during decision');
    if (this.#world.downCount() > 1) this.note('both venues down');
  }

  #noteInput(input: Input): void {
    const command = input.type.startsWith('operator.') ? input.type : '';
    if (command !== '' && command === this.#lastCommand) this.note('duplicate command');
    if (command !== '') this.#lastCommand = command;
    if (input.type === 'opportunity.found' && this.states.get('engine') === 'cooling') {
      this.note('crash loop held back a trade');
    }
    if (command === 'operator.stop' && this.isTrading) this.note('stop with a trade open');
    if (command === 'operator.leave' && this.isTrading) this.note('leave with a trade open');
    if (input.type === 'position.liquidated') this.note('leg closed by its venue');
    if (input.type === 'order.accepted') this.#acked.add(input.clientOrderId);
    if (input.type === 'order.filled') {
      const { clientOrderId } = input.fill;
      if (!this.#acked.has(clientOrderId)) this.note('fill before ack');
      this.#acked.add(clientOrderId);
      const origin = orderOrigin(clientOrderId, this.#runTag);
      if (origin !== undefined) this.#filledOf(origin.tradeId).add(origin.legId);
    }
    if (input.type === 'order.rejected') this.#noteRejected(input);
    if (input.type === 'funding.paid' && this.#isLeaving()) {
      this.note('funding settlement between exit legs');
    }
  }

  #noteRejected({ clientOrderId }: Extract<Input, { type: 'order.rejected' }>): void {
    const origin = orderOrigin(clientOrderId, this.#runTag);
    if (origin === undefined) return;
    const others = [...this.#filledOf(origin.tradeId)].filter((leg) => leg !== origin.legId);
    if (others.length > 0) this.note('leg 1 filled, leg 2 rejected');
  }

  #noteLeg(actor: string, from: string, to: string, event: string): void {
    if (to === 'unknown') this.#unknown.add(actor);
    if (from !== 'unknown' || to === 'unknown') return;
    if (to === 'filled') this.note('unknown order later filled');
    if (to === 'rejected' && event === 'order.answered') {
      this.note('unknown order later proven absent');
    }
  }

  /** A report of the account corrected the trade, and the fill that it knew of comes after it. */
  #noteExplained(actor: string, legs: unknown, { type }: Input): void {
    const before = this.#unexplained.get(actor) ?? 0;
    const after = unexplained(legs);
    this.#unexplained.set(actor, after);
    if (after < before && type !== 'account.reported') {
      this.note('late fill explained a correction');
    }
  }

  #killed(): void {
    if ([...this.states.values()].some((state) => /chasing/i.test(state))) {
      this.note('kill switch during chase');
    }
  }

  /** Something is held, or about to be. */
  get isTrading(): boolean {
    return [...this.states.values()].some((state) => state === 'OPEN' || isExposed(state));
  }

  #isLeaving(): boolean {
    return [...this.states.values()].some(
      (state) => state.startsWith('CLOSING.uneven') || state.startsWith('CLOSING.chasing'),
    );
  }

  #filledOf(tradeId: TradeId): Set<string> {
    const known = this.#filledLegs.get(tradeId) ?? new Set();
    this.#filledLegs.set(tradeId, known);
    return known;
  }

  #noteSafety(atMs: number): void {
    if (this.#resumedAtMs === undefined || this.#awaitedCount > 0) return;
    const states = [...this.states.values()];
    if (states.some((state) => state === 'unknown' || isExposed(state))) return;
    const restart = this.restarts.at(-1);
    if (restart !== undefined) restart.safeAfterMs = atMs - this.#resumedAtMs;
    this.#resumedAtMs = undefined;
  }

  #worse(figure: keyof Situations['worst'], value: number): void {
    this.worst[figure] = Math.max(this.worst[figure], value);
  }
}

const isRefusal = (value: unknown, gate: string): boolean =>
  typeof value === 'object' && value !== null && 'gate' in value && value.gate === gate;

/** Over the legs of a trade, as a record says them. */
const unexplained = (legs: unknown): number =>
  namesAt(legs)
    .map((legId) => Number(textAt(legs, legId, 'correction', 'unexplainedQty')))
    .reduce((sum, qty) => sum + Math.abs(qty), 0);

const isExposed = (state: string): boolean =>
  state === 'PARTIAL' ||
  state === 'CHASING' ||
  state === 'OPENING.filling' ||
  state === 'CLOSING.uneven' ||
  state === 'CLOSING.chasing' ||
  state.startsWith('PANIC');
