// The rules that every machine keeps, as judgements over its facts: each returns one line per
// breach.
import { allStates, type StateFacts } from '../../scripts/machine-facts.ts';

type Rule = (machine: StateFacts) => readonly string[];

const below = (machine: StateFacts): readonly StateFacts[] =>
  allStates(machine).filter(({ path }) => path !== '');
const breaches = (states: readonly StateFacts[], what: string): readonly string[] =>
  states.map(({ path }) => `${path === '' ? '(root)' : path} ${what}`);

const areDescribed: Rule = (machine) =>
  breaches(
    below(machine).filter(({ description }) => description === undefined || description === ''),
    'has no description',
  );

const endsAreSettled: Rule = (machine) =>
  breaches(
    below(machine).filter(({ kind, tags }) => kind === 'final' && !tags.includes('settled')),
    "is final and not tagged 'settled'",
  );

const neitherWaitNorCall: Rule = (machine) =>
  breaches(
    allStates(machine).filter(({ hasAfter, hasInvoke }) => hasAfter || hasInvoke),
    "has 'after' or 'invoke'",
  );

const exposureIsTimed: Rule = (machine) =>
  breaches(untimed(machine, false), "is tagged 'exposed', starts no timer and does not say why");

/** A timer of a state covers its children, and timers of all children cover the state. */
function untimed(state: StateFacts, isCovered: boolean): readonly StateFacts[] {
  const covered = isCovered || isTimed(state);
  const own = state.tags.includes('exposed') && !covered && !childrenAreTimed(state) ? [state] : [];
  return [...own, ...state.states.flatMap((child) => untimed(child, covered))];
}

const isTimed = ({ entry, noTimer }: StateFacts): boolean =>
  noTimer !== undefined || entry.some((action) => /^startTimer(\(|$)/.test(action));
const childrenAreTimed = ({ states }: StateFacts): boolean =>
  states.length > 0 && states.every((child) => isTimed(child) || childrenAreTimed(child));

export const rules: Readonly<Record<string, Rule>> = {
  'every state has a description': areDescribed,
  'every final state is settled': endsAreSettled,
  'no state waits by itself or calls anything': neitherWaitNorCall,
  'every exposed state starts a timer or says why not': exposureIsTimed,
};

/** The lasting states that are deaf to the event: neither they nor a state around them hear it. */
export function deafStates(state: StateFacts, event: string): readonly string[] {
  if (state.kind === 'final' || state.transitions.some((heard) => heard.event === event)) return [];
  return state.states.length === 0
    ? [state.path]
    : state.states.flatMap((child) => deafStates(child, event));
}
