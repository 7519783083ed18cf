// A whole engine in virtual time with venues that write down what they are asked, and say what the
// test says.
import type {
  Input,
  OrderRef,
  OrderRequest,
  StepRecord,
  VenueId,
  VenueReport,
  Effect,
} from '../../src/domain/index.ts';
import { toMs } from '../../src/domain/index.ts';
import { Kernel } from '../../src/kernel/index.ts';
import { Market } from '../../src/market/market.ts';
import type { Clock, Lease, Venue } from '../../src/ports/index.ts';
import { EngineAssembly } from '../../src/runtime/engine-assembly.ts';
import type { Engine } from '../../src/runtime/engine.ts';
import { VirtualClock } from '../../src/runtime/virtual-clock.ts';
import {
  account,
  BYBIT,
  carryPlan,
  OKX,
  perpetual,
  proposal,
  runStarted,
  START_AT_MS,
} from '../machines/carry-plan.ts';
import { MemoryJournal } from './memory-journal.ts';

/** Writes down each call; answers nothing by itself. */
class ListeningVenue implements Venue {
  readonly placed: OrderRequest[] = [];
  onPlace: (order: OrderRequest) => void = () => undefined;
  say: (report: VenueReport) => void = () => undefined;
  readonly venueId: VenueId;
  readonly #calls: string[];

  constructor(venueId: VenueId, calls: string[]) {
    this.venueId = venueId;
    this.#calls = calls;
  }

  start(sink: (report: VenueReport) => void): void {
    this.say = sink;
  }

  place(order: OrderRequest): void {
    this.#calls.push(`${this.venueId} place`);
    this.placed.push(order);
    this.onPlace(order);
  }

  cancel(_order: OrderRef): void {
    this.#calls.push(`${this.venueId} cancel`);
  }

  query(_order: OrderRef): void {
    this.#calls.push(`${this.venueId} query`);
  }

  reportAccount(): void {
    this.#calls.push(`${this.venueId} account`);
  }

  reportActivity(): void {
    this.#calls.push(`${this.venueId} activity`);
  }

  async stop(): Promise<void> {
    this.say = () => undefined;
  }
}

export interface ShellParts {
  readonly lease?: Lease;
  /** Time that several shells share. */
  readonly time?: VirtualClock;
  /** The same time as an engine sees it that may be stopped. */
  readonly clock?: Clock;
}

export class Shell {
  readonly clock: VirtualClock;
  readonly kernel = new Kernel();
  readonly journal = new MemoryJournal();
  /** What reached the venues, in order. */
  readonly calls: string[] = [];
  readonly alerts: Extract<Effect, { readonly type: 'alert.raise' }>[] = [];
  readonly failures: Error[] = [];
  readonly okx = new ListeningVenue(OKX, this.calls);
  readonly bybit = new ListeningVenue(BYBIT, this.calls);
  onStep: (record: StepRecord) => void = () => undefined;
  readonly engine: Engine;

  constructor({ lease, time = new VirtualClock(START_AT_MS), clock = time }: ShellParts = {}) {
    this.clock = time;
    const { kernel, journal } = this;
    const { engine } = new EngineAssembly({
      clock,
      kernel,
      journal,
      market: new Market(),
      strategies: [],
      venues: [this.okx, this.bybit],
      feeds: [],
      staleAfterMs: toMs(500),
      watchEveryMs: toMs(50),
      lease,
      onStep: (record) => {
        const alerts = record.effects.filter((effect) => effect.type === 'alert.raise');
        this.alerts.push(...alerts);
        this.onStep(record);
      },
      onFailure: (error) => this.failures.push(error),
    });
    this.engine = engine;
  }

  /** A shell whose engine runs and has been asked for nothing that is not durable. */
  static running(parts: ShellParts = {}): Shell {
    const shell = new Shell(parts);
    shell.engine.begin(runStarted());
    for (const venue of [shell.okx, shell.bybit]) {
      const stream = { instrumentId: perpetual(venue.venueId), venueId: venue.venueId };
      shell.engine.accept({ type: 'stream.synced', ...stream });
      venue.say(account(venue.venueId));
    }
    shell.journal.sync();
    shell.calls.length = 0;
    return shell;
  }

  propose(): void {
    this.engine.accept(proposal(carryPlan(), this.clock.nowMs()));
  }

  wait(forMs: number): void {
    this.clock.advanceTo(toMs(this.clock.nowMs() + forMs));
  }

  get heard(): readonly Input['type'][] {
    return this.journal.records.map(({ input }) => input.type);
  }
}
