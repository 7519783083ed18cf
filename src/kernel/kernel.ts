// The decision plane in one object: an input goes in, the actor system runs to quiescence, a record
// comes out. No clock, no randomness, no I/O: the same inputs give the same records, hash by hash.
import { createActor } from 'xstate';
import type {
  Actor,
  AnyActorRef,
  AnyStateMachine,
  MachineContext,
  Snapshot,
  StateValue,
} from 'xstate';

import { engineMachine } from '../../machines/index.ts';
import type { TradeContext } from '../../machines/index.ts';
import type { Effect, Input, InstrumentId, Ms, Seq, StepRecord } from '../domain/index.ts';
import { GENESIS_HASH, toSeq } from '../domain/index.ts';
import { recordHash } from './hash-chain.ts';
import { route } from './routing.ts';
import type { TimersSnapshot } from './timers.ts';
import { Timers } from './timers.ts';
import { statePath, Witness } from './witness.ts';

/** Everything that a kernel needs to go on where another stopped; plain JSON. */
export interface KernelSnapshot {
  readonly seq: Seq;
  readonly atMs: Ms;
  readonly hash: string;
  readonly runTag: string;
  readonly timers: TimersSnapshot;
  readonly machines: unknown;
}

const STREAM_ACTOR = 'stream:';
const CHIEFS: readonly string[] = ['engine', 'scanner', 'risk-guard'];

/** Steps between clearing out actors that were let go. */
const FORGET_EVERY = 1000;

export class Kernel {
  readonly #witness = new Witness();
  readonly #timers: Timers;
  readonly #engine: Actor<AnyStateMachine>;
  #seq: number;
  #atMs: Ms;
  #hash: string;
  #runTag: string;
  #fault: unknown;

  /** `machine` is the engine's own unless a test proves that a changed machine is found out. */
  constructor(snapshot?: KernelSnapshot, machine: AnyStateMachine = engineMachine) {
    this.#timers = new Timers(snapshot?.timers);
    this.#seq = snapshot?.seq ?? 0;
    this.#atMs = snapshot?.atMs ?? (0 as Ms);
    this.#hash = snapshot?.hash ?? GENESIS_HASH;
    this.#runTag = snapshot?.runTag ?? '';
    this.#engine = createActor(machine, {
      id: 'engine',
      systemId: 'engine',
      inspect: this.#witness.inspect,
      ...(snapshot && { snapshot: snapshot.machines as Snapshot<unknown> }),
    });
    this.#engine.subscribe({ error: (error) => (this.#fault = error) });
    this.#engine.start();
    if (snapshot) this.#recognise(this.#engine);
    this.#witness.take();
  }

  /** From what `snapshot` gave, after it went through JSON and a checksum; anew from undefined. */
  static restore(state: unknown, machine?: AnyStateMachine): Kernel {
    return new Kernel(state as KernelSnapshot | undefined, machine);
  }

  get head(): { readonly seq: Seq; readonly atMs: Ms; readonly hash: string } {
    return { seq: toSeq(this.#seq), atMs: this.#atMs, hash: this.#hash };
  }

  /** The instant of the next timer, for the shell's alarm clock. */
  nextTimerAtMs(): Ms | undefined {
    return this.#timers.next()?.dueAtMs;
  }

  /** The input that the next due timer is; the shell steps it before anything later. */
  takeDueTimer(atMs: Ms): Extract<Input, { type: 'timer.fired' }> | undefined {
    const due = this.#timers.takeDue(atMs);
    return due && { type: 'timer.fired', actor: due.actor, timer: due.timer };
  }

  /** Throws when a machine faults: nothing after that may be trusted. */
  step(input: Input, atMs: Ms): StepRecord {
    if (input.type === 'run.started') this.#runTag = input.runTag;
    if (input.type === 'timer.fired') this.#timers.clear(input.actor, input.timer);
    this.#atMs = Math.max(this.#atMs, atMs) as Ms;
    this.#deliver(input);
    const { transitions, effects } = this.#witness.take();
    this.#keepTimers(effects);
    this.#seq += 1;
    if (this.#seq % FORGET_EVERY === 0) this.#forgetGone();
    const body = { seq: toSeq(this.#seq), atMs: this.#atMs, input, transitions, effects };
    this.#hash = recordHash(this.#hash, body);
    return { ...body, hash: this.#hash };
  }

  /** Throws after a fault: a state that a machine broke is not kept. */
  snapshot(): KernelSnapshot {
    if (this.#fault !== undefined) {
      throw new Error(`the machines faulted at ${this.#seq + 1}`, { cause: this.#fault });
    }
    return {
      ...this.head,
      runTag: this.#runTag,
      timers: this.#timers.snapshot(),
      machines: this.#engine.getPersistedSnapshot(),
    };
  }

  /** What the engine is doing: `running`, `draining.homing`, … */
  get engineState(): string {
    return statePath(this.#engine.getSnapshot().value as StateValue);
  }

  trade(tradeId: string): TradeContext | undefined {
    return this.#contextOf(tradeId) as TradeContext | undefined;
  }

  /** `OPEN`, `OPENING.filling`, …; absent for a trade that is forgotten or never was. */
  tradeState(tradeId: string): string | undefined {
    const actor = this.#find(tradeId);
    return actor && statePath((actor.getSnapshot() as { readonly value: StateValue }).value);
  }

  /** Trades that hold and cover each other. */
  openTrades(): readonly TradeContext[] {
    return this.#tradesIn((state) => state === 'OPEN');
  }

  /** Trades that are neither held nor over: something of them is on its way. */
  movingTrades(): readonly TradeContext[] {
    return this.#tradesIn((state) => state !== 'OPEN' && state !== 'CLOSED');
  }

  #tradesIn(isWanted: (state: string) => boolean): readonly TradeContext[] {
    return this.#actors().flatMap((actor) => {
      const context = this.trade(actor);
      const state = this.tradeState(actor);
      return context !== undefined && 'plan' in context && state !== undefined && isWanted(state)
        ? context
        : [];
    });
  }

  #find(actor: string): AnyActorRef | undefined {
    return this.#engine.system.get(actor) as AnyActorRef | undefined;
  }

  /** The instrument that an actor of this name watches. */
  streamInstrument(actor: string): InstrumentId | undefined {
    if (!actor.startsWith(STREAM_ACTOR)) return undefined;
    const context = this.#contextOf(actor) as { readonly instrumentId: InstrumentId } | undefined;
    return context?.instrumentId;
  }

  #contextOf(actor: string): unknown {
    return (this.#find(actor)?.getSnapshot() as { readonly context: unknown } | undefined)?.context;
  }

  #deliver(input: Input): void {
    const deliveries = route(input, this.#atMs, {
      runTag: this.#runTag,
      hasActor: (actor) => this.#find(actor) !== undefined,
      actors: () => this.#actors(),
    });
    for (const { actor, event } of deliveries) {
      const heard = this.#find(actor);
      if (heard === undefined) this.#witness.unheard(actor, event.type);
      else heard.send(event);
      if (this.#fault !== undefined) {
        throw new Error(`the machines faulted on ${input.type} for ${actor}`, {
          cause: this.#fault,
        });
      }
    }
  }

  /** Those that everything depends on first. */
  #actors(): readonly string[] {
    const rest = this.#witness.known().filter((actor) => !CHIEFS.includes(actor));
    return [...CHIEFS, ...rest.sort()].filter((actor) => this.#engine.system.get(actor));
  }

  #keepTimers(effects: readonly Effect[]): void {
    for (const effect of effects) {
      if (effect.type === 'timer.set') {
        this.#timers.set(effect.actor, effect.timer, (this.#atMs + effect.delayMs) as Ms);
      } else if (effect.type === 'timer.clear') {
        this.#timers.clear(effect.actor, effect.timer);
      }
    }
  }

  #forgetGone(): void {
    const { system } = this.#engine;
    this.#witness.forget(this.#witness.known().filter((actor) => system.get(actor) === undefined));
  }

  /**
   * After a restore the witness must know every actor's state, or its next change would look like a
   * birth.
   */
  #recognise(actor: { id: string; getSnapshot(): unknown }): void {
    const snapshot = actor.getSnapshot() as {
      readonly value: StateValue;
      readonly context: MachineContext;
      readonly children: Record<string, { id: string; getSnapshot(): unknown }>;
    };
    this.#witness.knows(actor.id, snapshot.value, snapshot.context);
    for (const child of Object.values(snapshot.children)) this.#recognise(child);
  }
}
