// A machine as plain data: its states and transitions in the order of their definition, with guards
// and actions by name. Refuses a machine with an unnamed guard or action, because neither a diagram
// nor a journal could say what it does.
import type { AnyStateMachine, AnyStateNode } from 'xstate';

export interface StateFacts {
  /** Names from the top, joined by dots; empty for the machine itself. */
  readonly path: string;
  readonly name: string;
  readonly kind: 'atomic' | 'compound' | 'parallel' | 'final' | 'history';
  /** Path of the child that is entered first. */
  readonly initial: string | undefined;
  readonly description: string | undefined;
  readonly tags: readonly string[];
  readonly entry: readonly string[];
  readonly exit: readonly string[];
  /** Why this exposed state starts no timer, where it does not. */
  readonly noTimer: string | undefined;
  readonly hasInvoke: boolean;
  readonly hasAfter: boolean;
  readonly transitions: readonly TransitionFacts[];
  readonly states: readonly StateFacts[];
}

export interface TransitionFacts {
  readonly from: string;
  readonly event: string;
  readonly guard: string | undefined;
  /** Undefined where the state stays. */
  readonly to: string | undefined;
  readonly actions: readonly string[];
  readonly description: string | undefined;
}

type Transition = AnyStateNode['always'] extends (infer T)[] | undefined ? T : never;

export const machineFacts = (machine: AnyStateMachine): StateFacts => stateFacts(machine.root);

/** The state and everything below it, parents first. */
export const allStates = (state: StateFacts): readonly StateFacts[] => [
  state,
  ...state.states.flatMap(allStates),
];

function stateFacts(node: AnyStateNode): StateFacts {
  const where = pathOf(node) || node.machine.id;
  const meta: unknown = node.meta;
  return {
    path: pathOf(node),
    name: node.key,
    kind: node.type,
    initial: node.type === 'compound' ? firstTarget(node.initial.target) : undefined,
    description: node.description,
    tags: node.tags,
    entry: node.entry.map((action) => nameOf(action, `entry of ${where}`)),
    exit: node.exit.map((action) => nameOf(action, `exit of ${where}`)),
    noTimer: noTimerOf(meta),
    hasInvoke: node.invoke.length > 0,
    hasAfter: node.after.length > 0,
    transitions: [...[...node.transitions.values()].flat(), ...(node.always ?? [])].map(
      (transition) => transitionFacts(node, transition),
    ),
    states: Object.values(node.states).map(stateFacts),
  };
}

function transitionFacts(node: AnyStateNode, transition: Transition): TransitionFacts {
  const event = eventName(String(transition.eventType));
  const where = `${pathOf(node) || node.machine.id} on ${event}`;
  return {
    from: pathOf(node),
    event,
    guard: transition.guard === undefined ? undefined : nameOf(transition.guard, where),
    to: firstTarget(transition.target),
    actions: transition.actions.map((action) => nameOf(action, where)),
    description: transition.description,
  };
}

function eventName(eventType: string): string {
  if (eventType === '') return '(always)';
  return eventType.startsWith('xstate.done.state.') ? '(done)' : eventType;
}

const pathOf = (node: AnyStateNode): string => node.path.join('.');
const firstTarget = (targets: readonly AnyStateNode[] | undefined): string | undefined =>
  targets?.[0] === undefined ? undefined : pathOf(targets[0]);

/** `name`, or `name(value, …)` where the parameters are written in the machine itself. */
function nameOf(named: unknown, where: string): string {
  if (typeof named === 'string') return named;
  if (typeof named !== 'object' || named === null || !('type' in named)) {
    throw new Error(`${where} has a guard or action without a name: declare it in setup`);
  }
  const type = String(named.type);
  if (!('params' in named) || typeof named.params !== 'object' || named.params === null) {
    return type;
  }
  const values = Object.values(named.params).map((value) =>
    typeof value === 'string' ? value : JSON.stringify(value),
  );
  return `${type}(${values.join(', ')})`;
}

function noTimerOf(meta: unknown): string | undefined {
  if (typeof meta !== 'object' || meta === null || !('noTimer' in meta)) return undefined;
  return typeof meta.noTimer === 'string' ? meta.noTimer : undefined;
}
