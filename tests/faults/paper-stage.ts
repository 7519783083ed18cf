// A whole engine on two venues of our own in time that the test moves: real kernel, machines,
// market plane and exchanges; only the strategy is the test, which proposes and signals.
import type {
  AccountStatement,
  EngineLimits,
  Input,
  OrderRequest,
  StepRecord,
  VenueId,
} from '../../src/domain/index.ts';
import {
  isZero,
  plus,
  seededRandom,
  toMs,
  toQty,
  toRate,
  toTradeId,
  toUsd,
} from '../../src/domain/index.ts';
import type { ExchangeSettings, Fault } from '../../src/exchange/index.ts';
import { scriptedFaults } from '../../src/exchange/index.ts';
import { Kernel } from '../../src/kernel/index.ts';
import { Market } from '../../src/market/market.ts';
import { EngineAssembly } from '../../src/runtime/engine-assembly.ts';
import type { Engine } from '../../src/runtime/engine.ts';
import {
  BYBIT,
  carryPlan,
  OKX,
  perpetual,
  proposal,
  runStarted,
  START_AT_MS,
} from '../machines/carry-plan.ts';
import type { Clock, Feed } from '../../src/ports/index.ts';
import { MemoryJournal } from '../runtime/memory-journal.ts';
import { FaultyVenue, HandFeed, listing } from './faulty-venue.ts';
import { StoppingClock } from './stopping-clock.ts';

export interface PaperOptions {
  /** Befalls the first order of the second leg. */
  readonly fault?: Fault;
  readonly limits?: Partial<EngineLimits>;
  /** Of the venue of the second leg. */
  readonly settings?: Partial<ExchangeSettings>;
  /** Takes the place of the first venue's feed. */
  readonly feed?: (clock: Clock) => Feed;
}

/** Between two looks at what is held. */
const LOOK_EVERY_MS = 5;
const QUOTE_EVERY_MS = 100;

export class PaperStage {
  readonly clock = new StoppingClock(START_AT_MS);
  readonly kernel = new Kernel();
  readonly journal = new MemoryJournal();
  readonly calls: string[] = [];
  readonly failures: Error[] = [];
  readonly stalls: number[] = [];
  readonly market = new Market();
  readonly engine: Engine;
  readonly okx = new HandFeed(listing(perpetual(OKX)), this.clock);
  readonly bybit = new HandFeed(listing(perpetual(BYBIT)), this.clock);
  readonly first: FaultyVenue;
  readonly second: FaultyVenue;
  /** Bid and ask at each venue. */
  touch: Readonly<Record<'okx' | 'bybit', readonly [bid: number, ask: number]>> = {
    okx: [9_999.9, 10_000],
    bybit: [10_050, 10_050.1],
  };
  /** How long the positions at the venues did not cover each other, at a stretch, to 5 ms. */
  unhedgedMsMax = 0;
  #unhedgedMs = 0;
  /** Both feeds go on quoting by themselves. */
  isQuoting = true;

  constructor({ fault, limits, settings, feed }: PaperOptions = {}) {
    const { clock, kernel, journal, market } = this;
    journal.isInstant = true;
    this.first = this.#venue(OKX, undefined, {});
    this.second = this.#venue(BYBIT, fault, settings ?? {});
    const other = feed?.(clock);
    const assembly = new EngineAssembly({
      clock,
      kernel,
      journal,
      market,
      strategies: [],
      venues: [this.first, this.second],
      feeds: [other ?? this.okx, this.bybit],
      staleAfterMs: toMs(500),
      watchEveryMs: toMs(50),
      onStep: () => undefined,
      onFailure: (error) => this.failures.push(error),
      onStall: ({ stalledMs }) => this.stalls.push(stalledMs),
    });
    this.engine = assembly.engine;
    assembly.begin(runStarted({ accountEveryMs: toMs(10_000), ...limits }));
    this.#quote(other === undefined ? [this.okx, this.bybit] : [this.bybit]);
  }

  static running(options: PaperOptions = {}): PaperStage {
    const stage = new PaperStage(options);
    stage.wait(200);
    if (stage.kernel.engineState !== 'running') throw new Error('the engine must run');
    return stage;
  }

  /** Holds both legs whole. */
  static open(options: PaperOptions = {}): PaperStage {
    const stage = PaperStage.running(options);
    stage.propose();
    stage.wait(100);
    if (stage.tradeState !== 'OPEN') throw new Error(`the trade is ${stage.tradeState}`);
    return stage;
  }

  propose(): void {
    this.engine.accept(proposal(carryPlan(), this.clock.nowMs()));
  }

  signalExit(): void {
    const { exitBelowBps: expectedBps } = carryPlan().leave;
    const tradeId = toTradeId(1);
    this.engine.accept({ type: 'exit.signalled', tradeId, reason: 'test', expectedBps });
  }

  wait(forMs: number): void {
    for (let ms = 0; ms < forMs; ms += LOOK_EVERY_MS) {
      this.clock.pass(Math.min(LOOK_EVERY_MS, forMs - ms));
      const [long = '0', short = '0'] = this.positions();
      this.#unhedgedMs = isZero(plus(toQty(long), toQty(short)))
        ? 0
        : this.#unhedgedMs + LOOK_EVERY_MS;
      this.unhedgedMsMax = Math.max(this.unhedgedMsMax, this.#unhedgedMs);
    }
  }

  /** As `wait`, without a look at what is held. */
  rest(forMs: number): void {
    this.clock.pass(forMs);
  }

  /** Time goes on, nothing else does. */
  standStill(forMs: number): void {
    this.clock.standStill(forMs);
  }

  quoteBoth(afterMs = 0): void {
    this.okx.quote(...this.touch.okx, afterMs);
    this.bybit.quote(...this.touch.bybit, afterMs);
  }

  /** What each venue itself says that we hold, the first leg first. */
  positions(): readonly string[] {
    return [this.first, this.second].map((venue) => positionOf(venue.statement()));
  }

  get records(): readonly StepRecord[] {
    return this.journal.records;
  }

  get inputs(): readonly Input[] {
    return this.records.map(({ input }) => input);
  }

  get tradeState(): string {
    return this.path.at(-1) ?? 'none';
  }

  /** The states of the first trade, `OPENING`, `PANIC`, each once per visit. */
  get path(): readonly string[] {
    const all = this.records.flatMap(({ transitions }) =>
      transitions.flatMap(({ actor, to }) => (actor === 't1' ? [to.split('.')[0] ?? ''] : [])),
    );
    return all.filter((state, at) => state !== all[at - 1]);
  }

  get alerts(): readonly string[] {
    const effects = this.records.flatMap((record) => record.effects);
    return effects.flatMap((effect) => (effect.type === 'alert.raise' ? [effect.code] : []));
  }

  /** The orders that could have increased what we hold. */
  placedWithoutReduceOnly(): readonly OrderRequest[] {
    const placed = [...this.first.placed, ...this.second.placed];
    return placed.filter(({ reduceOnly }) => !reduceOnly);
  }

  /** How many opportunities this gate of the scanner refused. */
  refusedBy(gate: string): number {
    return this.records
      .flatMap(({ transitions }) => transitions)
      .filter(({ changed }) => gateOf(changed['lastRefusal']) === gate).length;
  }

  #venue(venueId: VenueId, fault: Fault | undefined, changes: Partial<ExchangeSettings>) {
    const item = { label: 'test', armedAfterMs: toMs(0), befalls: 'any-order' } as const;
    const items = fault === undefined ? [] : [{ ...item, fault }];
    const venue = new FaultyVenue({
      settings: {
        venueId,
        depositUsd: toUsd('100000'),
        leverage: toRate('5'),
        maintenanceMarginRate: toRate('0.01'),
        latencyMs: { min: 10, max: 10 },
        bookAgeMsMax: toMs(5_000),
        forgetsClosedOrders: false,
        ...changes,
      },
      market: this.market,
      clock: this.clock,
      random: seededRandom(venueId),
      faults: scriptedFaults({ startedAtMs: START_AT_MS, items }),
    });
    venue.calls = this.calls;
    return venue;
  }

  #quote(feeds: readonly HandFeed[]): void {
    for (const feed of feeds) {
      feed.notice({ type: 'feed.connected', venueId: feed.venueId });
      const instrument = listing(perpetual(feed.venueId));
      feed.tell({ type: 'instrument.listed', instrument });
    }
    this.#every(QUOTE_EVERY_MS, () => this.isQuoting && this.quoteBoth());
    this.quoteBoth();
  }

  #every(everyMs: number, task: () => void): void {
    this.clock.schedule(toMs(this.clock.nowMs() + everyMs), () => {
      this.#every(everyMs, task);
      task();
    });
  }
}

const positionOf = ({ positions }: AccountStatement): string => positions[0]?.qty ?? '0';

const gateOf = (refusal: unknown): unknown =>
  typeof refusal === 'object' && refusal !== null && 'gate' in refusal ? refusal.gate : undefined;
