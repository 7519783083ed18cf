// Writes down what the actors do while a step runs: every transition with the context that it
// changed, every request as an effect. It listens to XState's inspection and never answers.
import type { InspectionEvent, StateValue } from 'xstate';

import type { AlertText, QuoteQuestion } from '../../machines/requests.ts';
import type { Effect, Ms, OrderRef, OrderRequest, Transition, VenueId } from '../domain/index.ts';

type Context = Readonly<Record<string, unknown>>;

interface Seen {
  readonly state: string;
  readonly context: Context;
}

export class Witness {
  #transitions: Transition[] = [];
  #effects: Effect[] = [];
  readonly #last = new Map<string, Seen>();

  /** Hands over what was seen since the last call. */
  take(): { readonly transitions: readonly Transition[]; readonly effects: readonly Effect[] } {
    const taken = { transitions: this.#transitions, effects: this.#effects };
    this.#transitions = [];
    this.#effects = [];
    return taken;
  }

  /** An input that found nobody: recorded, not swallowed. */
  unheard(actor: string, event: string): void {
    this.#transitions.push({ actor, from: ABSENT, event, to: ABSENT, changed: {} });
  }

  /** Tells the witness what an actor of a restored snapshot looks like. */
  knows(actor: string, value: StateValue, context: Context): void {
    this.#last.set(actor, { state: statePath(value), context });
  }

  readonly inspect = (inspected: InspectionEvent): void => {
    switch (inspected.type) {
      case '@xstate.microstep':
        this.#moved(inspected.actorRef, inspected.event.type, inspected.snapshot);
        return;
      case '@xstate.snapshot':
        if (inspected.event.type === 'xstate.init') {
          this.#moved(inspected.actorRef, 'xstate.init', inspected.snapshot);
        }
        return;
      case '@xstate.action':
        this.#asked(inspected.actorRef, inspected.action);
        return;
      case '@xstate.actor':
      case '@xstate.event':
      case '@xstate.transition':
        return;
    }
  };

  #moved(actorRef: object, event: string, snapshot: object): void {
    if (!isNamed(actorRef) || !isMachineState(snapshot)) return;
    const actor = actorRef.id;
    const before = this.#last.get(actor);
    const state = statePath(snapshot.value);
    this.#last.set(actor, { state, context: snapshot.context });
    this.#transitions.push({
      actor,
      from: before?.state ?? ABSENT,
      event,
      to: state,
      changed: changes(before?.context, snapshot.context),
    });
  }

  #asked(actorRef: object, action: { readonly type: string; readonly params?: unknown }): void {
    if (!isNamed(actorRef)) return;
    const toEffects = EFFECTS[action.type];
    if (toEffects === undefined) return;
    // The params of a request are checked where a machine names it, in `machines/requests.ts`.
    this.#effects.push(...toEffects(actorRef.id, action.params as never));
  }

  /** An actor that is let go is forgotten. */
  forget(actors: readonly string[]): void {
    for (const actor of actors) this.#last.delete(actor);
  }

  known(): readonly string[] {
    return [...this.#last.keys()];
  }
}

const ABSENT = '-';

/** How each request of `machines/requests.ts` reads as an effect. */
const EFFECTS: Readonly<Record<string, (actor: string, params: never) => readonly Effect[]>> = {
  placeOrder: (_, order: OrderRequest) => [{ type: 'order.place', order }],
  queryOrder: (_, order: OrderRef) => [{ type: 'order.query', order }],
  askQuotes: (_, questions: readonly QuoteQuestion[]) =>
    questions.map((question) => ({ type: 'quote.ask', ...question })),
  askAccounts: (_, venues: readonly VenueId[]) =>
    venues.map((venueId) => ({ type: 'account.ask', venueId })),
  askActivity: (_, { venues, sinceAtMs }: { venues: readonly VenueId[]; sinceAtMs: Ms }) =>
    venues.map((venueId) => ({ type: 'activity.ask', venueId, sinceAtMs })),
  startTimer: (actor, { timer, delayMs }: { timer: string; delayMs: Ms }) => [
    { type: 'timer.set', actor, timer, delayMs },
  ],
  stopTimer: (actor, { timer }: { timer: string }) => [{ type: 'timer.clear', actor, timer }],
  raiseAlert: (_, alert: AlertText) => [{ type: 'alert.raise', ...alert }],
};

const isNamed = (actorRef: object): actorRef is { readonly id: string } => 'id' in actorRef;

const isMachineState = (
  snapshot: object,
): snapshot is { readonly value: StateValue; readonly context: Context } =>
  'value' in snapshot && 'context' in snapshot;

function changes(before: Context | undefined, after: Context): Readonly<Record<string, unknown>> {
  const changed: Record<string, unknown> = {};
  for (const key of Object.keys(after)) {
    if (before === undefined || !isSame(before[key], after[key])) changed[key] = after[key];
  }
  return changed;
}

/**
 * By value: which objects are one and the same does not survive a snapshot, and a restored kernel
 * must see the changes that the first one saw.
 */
function isSame(left: unknown, right: unknown): boolean {
  if (left === right) return true;
  if (typeof left !== 'object' || typeof right !== 'object') return false;
  if (left === null || right === null) return false;
  const [ours, theirs] = [Object.entries(left), Object.entries(right)];
  if (ours.length !== theirs.length || Array.isArray(left) !== Array.isArray(right)) return false;
  const values = new Map(theirs);
  return ours.every(([key, value]) => values.has(key) && isSame(value, values.get(key)));
}

/** `OPEN`, `PANIC.waiting`: nested states joined by dots. */
export function statePath(value: StateValue): string {
  if (typeof value === 'string') return value;
  return Object.entries(value)
    .map(([parent, child]) => (child === undefined ? parent : `${parent}.${statePath(child)}`))
    .join('|');
}
