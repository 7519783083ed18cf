// The shell around the kernel: one queue of inputs in the order of acceptance, journal before
// effect, timers before later inputs. It performs what the machines ask for and decides nothing.
import type {
  Effect,
  Input,
  KnownRejectCode,
  Ms,
  OrderRequest,
  RunResumed,
  RunStarted,
  Seq,
  StepRecord,
  VenueId,
} from '../domain/index.ts';
import type { Kernel, TradeContext } from '../kernel/index.ts';
import type { Clock, Journal, Lease, ScheduledTask, Venue } from '../ports/index.ts';
import { heldBack } from './held-back.ts';
import { toHeldPosition } from './held-positions.ts';
import type { MarketPlane } from './market-plane.ts';
import { LeaseLost, OrderGate } from './order-gate.ts';
import { soleLease } from './sole-lease.ts';

export interface EngineParts {
  readonly clock: Clock;
  readonly kernel: Kernel;
  readonly journal: Journal;
  readonly plane: MarketPlane;
  readonly venues: ReadonlyMap<VenueId, Venue>;
  /** Absent where no other engine can trade on these accounts. */
  readonly lease?: Lease | undefined;
  /** After each record is appended, in order: for screens and summaries. */
  readonly onStep: (record: StepRecord) => void;
  /** The run cannot go on: the journal failed or a machine faulted. Nothing acts after it. */
  readonly onFailure: (error: Error) => void;
}

/** Far above any burst; more waiting inputs mean that the loop does not keep up at all. */
const WAITING_MAX = 100_000;

export class Engine {
  readonly #parts: EngineParts;
  readonly #lease: Lease;
  readonly #gate: OrderGate;
  readonly #waiting: Input[] = [];
  /** Of the newest kill; 0 without one in this life. */
  #killedAtSeq = 0;
  #isBeginning = false;
  #isStepping = false;
  #hasFailed = false;
  #alarm: ScheduledTask | undefined;
  #alarmAtMs = Infinity;

  constructor(parts: EngineParts) {
    this.#parts = parts;
    const { kernel, lease = soleLease } = parts;
    this.#lease = lease;
    this.#gate = new OrderGate({
      lease,
      trade: (tradeId) => kernel.trade(tradeId),
      refuse: (order, code, message) => this.#refuse(order, code, message),
      isClosed: () => this.#hasFailed,
    });
    parts.journal.onFailure((error) => this.#fail(error));
  }

  /** The first input of this process: it comes before timers that fell due while nobody ran. */
  begin(input: RunStarted | RunResumed): void {
    for (const trade of this.#parts.kernel.openTrades()) this.#hold(trade);
    this.#waiting.unshift(input);
    this.#isBeginning = true;
    this.#drain();
    this.#lease.onReport((report) => this.accept(report));
    this.#confirmLease();
  }

  /** Takes an input in turn; may be called from anywhere, also while a step runs. */
  accept(input: Input): void {
    if (this.#hasFailed) return;
    if (this.#waiting.length >= WAITING_MAX) {
      this.#fail(new Error(`${WAITING_MAX} inputs are waiting: the engine does not keep up`));
      return;
    }
    this.#waiting.push(input);
    this.#drain();
  }

  /** Sets no further alarm: the run is over. */
  close(): void {
    this.#hasFailed = true;
    this.#alarm?.cancel();
  }

  /** What the lease brought with it is on disk then: an end before that leaves it to the next. */
  #confirmLease(): void {
    const { journal, kernel, lease } = this.#parts;
    if (lease === undefined || this.#hasFailed) return;
    journal.whenDurable(kernel.head.seq, () => lease.confirm());
  }

  #drain(): void {
    if (this.#isStepping) return;
    this.#isStepping = true;
    try {
      let next = this.#next();
      while (next !== undefined && !this.#hasFailed) {
        this.#step(next);
        next = this.#next();
      }
    } catch (error) {
      this.#fail(toError(error));
    } finally {
      this.#isStepping = false;
    }
    this.#setAlarm();
  }

  /** A timer that is due comes before everything that waits. */
  #next(): Input | undefined {
    if (this.#isBeginning) {
      this.#isBeginning = false;
      return this.#waiting.shift();
    }
    const timer = this.#parts.kernel.takeDueTimer(this.#parts.clock.nowMs());
    return timer ?? this.#waiting.shift();
  }

  #step(input: Input): void {
    const { kernel, journal, clock, onStep } = this.#parts;
    const record = kernel.step(input, clock.nowMs());
    if (input.type === 'operator.kill') this.#killedAtSeq = record.seq;
    journal.append(record);
    this.#follow(record);
    onStep(record);
    for (const effect of record.effects) this.#perform(effect, record);
    // Said and recorded first; whoever closes the journal waits until that is on disk.
    if (input.type === 'lease.superseded') this.#fail(new LeaseLost(input.holder));
  }

  /** Tells the market plane what the decision plane came to. */
  #follow(record: StepRecord): void {
    const { plane, kernel } = this.#parts;
    for (const { actor, from, to } of record.transitions) {
      const instrumentId = kernel.streamInstrument(actor);
      if (instrumentId !== undefined) plane.setHealthy(instrumentId, to === 'healthy');
      if ((to === 'OPEN') === (from === 'OPEN')) continue;
      const trade = kernel.trade(actor);
      if (trade === undefined) continue;
      if (to === 'OPEN') this.#hold(trade);
      else plane.desk.release(trade.tradeId);
    }
  }

  #hold(trade: TradeContext): void {
    const { desk } = this.#parts.plane;
    const openedAtMs = trade.openedAtMs ?? this.#parts.kernel.head.atMs;
    desk.hold(trade.tradeId, toHeldPosition(trade, openedAtMs));
  }

  /**
   * What reaches a venue waits for its record to be durable; so a query never overtakes its order.
   */
  #perform(effect: Effect, { seq, atMs }: StepRecord): void {
    const { plane } = this.#parts;
    switch (effect.type) {
      case 'order.place':
        this.#place(effect.order, seq, atMs);
        return;
      case 'order.cancel':
        this.#send(effect.order.venueId, seq, (venue) => venue.cancel(effect.order));
        return;
      case 'order.query':
        this.#send(effect.order.venueId, seq, (venue) => venue.query(effect.order));
        return;
      case 'account.ask':
        this.#send(effect.venueId, seq, (venue) => venue.reportAccount());
        return;
      case 'activity.ask': {
        const { venueId, sinceAtMs } = effect;
        this.#send(venueId, seq, (venue) => venue.reportActivity(sinceAtMs));
        return;
      }
      case 'quote.ask': {
        const { tradeId, legId, instrumentId } = effect;
        const quote = plane.quote(instrumentId);
        this.#waiting.push({ type: 'quote.answered', tradeId, legId, quote });
        return;
      }
      case 'alert.raise':
        // Whoever follows the records hears it: screen and log do.
        return;
      case 'timer.set':
      case 'timer.clear':
        // The kernel keeps its timers itself; the shell only sets one alarm for the next.
        return;
    }
  }

  #place(order: OrderRequest, seq: Seq, decidedAtMs: Ms): void {
    const place = (venue: Venue): void => {
      const { clock, kernel } = this.#parts;
      const waitedMs = clock.nowMs() - decidedAtMs;
      const cause = heldBack(order, kernel, { waitedMs, isKilled: this.#killedAtSeq > seq });
      if (cause === undefined) venue.place(order);
      else this.#refuse(order, cause.code, cause.message);
    };
    this.#send(order.venueId, seq, place, order);
  }

  /** Certain, like a venue's own refusal: nothing has left. */
  #refuse({ clientOrderId }: OrderRequest, code: KnownRejectCode, message: string): void {
    this.accept({ type: 'order.rejected', clientOrderId, code, message });
  }

  #send(venueId: VenueId, seq: Seq, speak: (venue: Venue) => void, order?: OrderRequest): void {
    const { journal, venues } = this.#parts;
    const venue = venues.get(venueId);
    if (venue === undefined) throw new Error(`venue ${venueId} must be configured to be traded on`);
    const go = (): void => {
      try {
        speak(venue);
      } catch (error) {
        this.#fail(toError(error));
      }
    };
    journal.whenDurable(seq, () => this.#gate.pass({ order, go }));
  }

  #setAlarm(): void {
    const dueAtMs = this.#parts.kernel.nextTimerAtMs();
    if (this.#hasFailed || dueAtMs === this.#alarmAtMs) return;
    this.#alarm?.cancel();
    this.#alarmAtMs = dueAtMs ?? Infinity;
    if (dueAtMs === undefined) return;
    this.#alarm = this.#parts.clock.schedule(dueAtMs, () => {
      this.#alarmAtMs = Infinity;
      this.#drain();
    });
  }

  #fail(error: Error): void {
    if (this.#hasFailed) return;
    this.#hasFailed = true;
    this.#alarm?.cancel();
    this.#parts.onFailure(error);
  }
}

const toError = (error: unknown): Error =>
  error instanceof Error ? error : new Error(String(error));
