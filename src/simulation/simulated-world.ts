// Everything around the engine in one simulated run: one clock, the true market, venues that live
// on, wires, a disk, a supervisor and an operator. It is driven from outside, in virtual time, and
// writes down what the checker reads.
import type { StepRecord } from '../domain/index.ts';
import { seededRandom, toMs } from '../domain/index.ts';
import { VirtualClock } from '../runtime/virtual-clock.ts';
import { World } from '../sandbox/index.ts';
import { DataWatch } from './data-watch.ts';
import { EngineLife, runTagOf } from './engine-life.ts';
import type { SentMessage } from './evidence.ts';
import { FaultDesk } from './fault-desk.ts';
import { FeedLine } from './feed-line.ts';
import { KillPoints } from './kill-points.ts';
import { LifeClock } from './life-clock.ts';
import type { ClockError } from './life-clock.ts';
import { OperatorHand } from './operator-hand.ts';
import type { Planting } from './planting.ts';
import type { Scenario } from './scenario.ts';
import { SimulatedDisk } from './simulated-disk.ts';
import { SimulatedJournal } from './simulated-journal.ts';
import { simulationSettings } from './simulation-settings.ts';
import type { SimulationSettings } from './simulation-settings.ts';
import { Situations } from './situations.ts';
import { Supervisor } from './supervisor.ts';
import type { Death } from './supervisor.ts';
import { TrueMarket } from './true-market.ts';
import { VenueLine } from './venue-line.ts';
import { beginForce } from './venue-force.ts';
import { instrumentsOf, venuePlace } from './venue-place.ts';
import type { VenuePlace } from './venue-place.ts';

/** An engine whose clock is further off than this may not trade, and is right not to. */
const CLOCK_FIT_MS = 800;

export class SimulatedWorld {
  readonly clock: VirtualClock;
  readonly desk: FaultDesk;
  readonly disk: SimulatedDisk;
  readonly settings: SimulationSettings;
  readonly situations: Situations;
  readonly supervisor: Supervisor;
  readonly operator: OperatorHand;
  readonly truth: TrueMarket;
  readonly watch: DataWatch;
  readonly sent: SentMessage[] = [];
  readonly startedAtMs: number;
  readonly places: readonly VenuePlace[];
  readonly #scenario: Scenario;
  readonly #planting: Planting;
  readonly #killPoints: KillPoints;
  #engine: EngineLife | undefined;
  #engineClock: LifeClock | undefined;
  #journal: SimulatedJournal | undefined;
  syncWaitersMost = 0;
  stepCount = 0;

  constructor(scenario: Scenario, planting: Planting = {}) {
    const { seed } = scenario;
    const world = new World({ seed, pace: 'coarse' });
    this.#scenario = scenario;
    this.#planting = planting;
    this.settings = simulationSettings(scenario);
    this.startedAtMs = world.startAtMs;
    this.clock = new VirtualClock(world.startAtMs);
    this.desk = new FaultDesk(scenario, this.clock);
    this.disk = new SimulatedDisk(this.clock, this.desk, seededRandom(`disk/${seed}`));
    this.truth = new TrueMarket(seed, this.clock, world);
    this.watch = new DataWatch(this.settings.staleAfterMs);
    this.places = this.truth.venueIds.map((venueId) => venuePlace(venueId, scenario, this));
    this.situations = new Situations(runTagOf(seed), {
      isBanned: (venueId) =>
        this.places.some((place) => place.venueId === venueId && place.site.isBanned),
      downCount: () =>
        this.places.filter(
          ({ feedTrouble, lineTrouble }) => feedTrouble.isCut && lineTrouble.isDown,
        ).length,
    });
    this.supervisor = new Supervisor(this.clock, this.desk, {
      start: (life) => this.#start(life),
      end: (death) => this.#end(death),
    });
    this.#killPoints = new KillPoints((point) => this.supervisor.isFatal(point));
    this.operator = new OperatorHand(this.clock, this.desk, () => this.#listener());
  }

  begin(): void {
    const { truth, desk } = this;
    truth.onEvent((venueId, event) => {
      const place = this.places.find((each) => each.venueId === venueId);
      if (event.type !== 'instrument.listed') place?.exchange.marketChanged(event.instrumentId);
      place?.feedLine?.hear(event);
    });
    truth.start();
    for (const place of this.places) {
      place.site.begin();
      place.feedTrouble.begin(desk, instrumentsOf(place.venueId));
      place.lineTrouble.begin(desk);
      beginForce(place, desk, { view: truth.view, instruments: instrumentsOf(place.venueId) });
    }
    this.disk.begin();
    this.operator.begin();
    this.#beginOwn();
    // The first frames list the instruments; an engine has them from its first connection.
    this.clock.advanceTo(toMs(this.clock.nowMs() + 1));
    this.supervisor.begin();
  }

  /** No fault from here on. */
  heal(): void {
    const isClockWrong = Math.abs(this.#engineClock?.behindMs ?? 0) > CLOCK_FIT_MS;
    // Who sets a clock right starts the engine anew, once it shows more than the last record.
    if (isClockWrong) this.supervisor.restart('clock set right', () => this.disk.lastAtMs);
    const isStopped = this.desk.strength('operator-stop') !== undefined;
    this.desk.heal();
    if (isStopped) this.operator.stop(this.#runToStop());
    else this.operator.release();
  }

  /** Faults that befall everything at once, or the process itself. */
  #beginOwn(): void {
    this.desk.spells({
      ...{ kind: 'all-venues-down', place: 'everywhere', lastsMs: [500, 30_000], pace: 0.5 },
      begin: (untilAtMs) => {
        for (const { feedTrouble, lineTrouble } of this.places) {
          feedTrouble.cut();
          lineTrouble.goDown(untilAtMs);
        }
      },
      end: () => {
        for (const { feedTrouble, lineTrouble } of this.places) {
          feedTrouble.mend();
          lineTrouble.comeUp();
        }
      },
    });
    this.desk.spells({
      ...{ kind: 'stall', place: 'process', lastsMs: [100, 30_000], pace: 0.5 },
      begin: (untilAtMs) => this.#engineClock?.stallUntil(toMs(untilAtMs)),
      end: () => this.#engineClock?.wake(),
    });
  }

  #start(life: number): void {
    const { desk, disk, clock: world, settings } = this;
    const { seed } = this.#scenario;
    disk.cutTornTail();
    const clock = new LifeClock(world, this.#clockError(life), disk.lastAtMs);
    const journal = new SimulatedJournal(life, disk, clock);
    this.#engineClock = clock;
    this.#journal = journal;
    for (const place of this.places) {
      const { venueId, site } = place;
      const { watch, truth } = this;
      place.feedLine = new FeedLine({
        ...{ venueId, truth, clock, worldClock: world, desk, watch, trouble: place.feedTrouble },
      });
      place.venueLine = new VenueLine({
        ...{ life, site, clock, world, desk, trouble: place.lineTrouble },
        onSent: (message) => this.sent.push(message),
        onBlind: (untilAtMs) => {
          for (const each of this.places) each.site.impair(untilAtMs);
        },
      });
    }
    clock.run(() => {
      const engine = new EngineLife({
        ...{ life, seed, settings, clock, disk, journal, killPoints: this.#killPoints },
        venues: this.places.flatMap(({ venueLine }) => venueLine ?? []),
        feeds: this.places.flatMap(({ feedLine }) => feedLine ?? []),
        planting: this.#planting,
        ground: {
          restingOrders: (venueId) =>
            this.places.find((place) => place.venueId === venueId)?.site.restingOrders() ?? [],
        },
        onStep: (record) => this.#stepped(record),
        onEnd: (end) => {
          if (clock.isDead) return;
          if (end === 'stopped') this.supervisor.stop();
          else this.supervisor.restart(end);
        },
        onFailure: (error) => {
          if (!clock.isDead) this.supervisor.fail(error);
        },
      });
      this.#engine = engine;
      engine.begin();
    });
  }

  #end({ killedAt, isPowerLost }: Death): void {
    const waiting = this.#journal?.waitingMost ?? 0;
    this.syncWaitersMost = Math.max(this.syncWaitersMost, waiting);
    const hasUnsentIntent = this.#journal?.hasWaiters ?? false;
    this.situations.died({ killedAt, hasUnsentIntent });
    this.#engineClock?.die();
    void this.#engine?.end();
    this.#engine = undefined;
    this.disk.crash(isPowerLost);
    for (const place of this.places) {
      place.feedLine = undefined;
      place.venueLine = undefined;
    }
  }

  #stepped(record: StepRecord): void {
    this.stepCount += 1;
    this.situations.step(record);
    const isChasing = record.transitions.some(({ from, to }) => from !== to && /chasing/i.test(to));
    if (isChasing) this.operator.seesChase();
  }

  #clockError(life: number): ClockError {
    const { desk } = this;
    const strength = desk.strength('clock-offset');
    const random = desk.random('clock-offset', 'machine');
    const offsetMs =
      strength === undefined ? 0 : Math.round(random.between(-1, 1) * 900 * strength);
    const drift = strength === undefined ? 0 : random.between(-0.0005, 0.0005);
    if (life === 1 || !desk.strikes('clock-jump', 'machine', 0.5)) return { offsetMs, drift };
    const jumpMs = Math.round(desk.random('clock-jump', 'machine').normal() * 2_000);
    desk.note('clock-jump', this.clock.nowMs() + Math.abs(jumpMs));
    return { offsetMs: offsetMs + jumpMs, drift };
  }

  #runToStop(): Parameters<OperatorHand['stop']>[0] {
    return {
      isOver: () => this.supervisor.isOver,
      isTrading: () => this.situations.isTrading,
    };
  }

  #listener(): ReturnType<ConstructorParameters<typeof OperatorHand>[2]> {
    const [engine, clock] = [this.#engine, this.#engineClock];
    if (engine === undefined || clock === undefined) return undefined;
    const isListening = this.supervisor.isAlive && !clock.isStalled;
    return {
      life: engine.life,
      isListening,
      isLeaving: engine.isLeaving,
      command: (command) => clock.run(() => engine.command(command)),
    };
  }
}
