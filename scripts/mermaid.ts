// A machine as a mermaid state diagram: text only, drawn by whoever shows the page. Transitions
// that stay where they are would bury the others and are left to the table below the diagram.
import { allStates, type StateFacts, type TransitionFacts } from './machine-facts.ts';

/** Words that mermaid reads as its own. */
const RESERVED = new Set(['end', 'state', 'note', 'default', 'direction', 'class']);

export function stateDiagram(machine: StateFacts): string {
  return [
    'stateDiagram-v2',
    ...inside(machine, '  '),
    ...allStates(machine)
      .filter((state) => state.path !== '')
      .flatMap((state) => state.transitions.flatMap(arrow)),
    ...fromEverywhere(machine),
  ].join('\n');
}

function inside(state: StateFacts, indent: string): readonly string[] {
  const first = state.initial === undefined ? [] : [`${indent}[*] --> ${idOf(state.initial)}`];
  const children = state.states.map((child) => box(child, indent));
  if (state.kind !== 'parallel') return [...first, ...children.flat()];
  return children.flatMap((lines, index) => (index === 0 ? lines : [`${indent}--`, ...lines]));
}

function box(state: StateFacts, indent: string): readonly string[] {
  const declared = `${indent}state "${state.name}" as ${idOf(state.path)}`;
  if (state.kind === 'final') return [declared, `${indent}${idOf(state.path)} --> [*]`];
  if (state.states.length === 0) return [declared];
  return [`${declared} {`, ...inside(state, `${indent}  `), `${indent}}`];
}

function arrow(transition: TransitionFacts): readonly string[] {
  if (transition.to === undefined) return [];
  return [`  ${idOf(transition.from)} --> ${idOf(transition.to)}: ${label(transition)}`];
}

function label({ event, guard, actions }: TransitionFacts): string {
  const condition = guard === undefined ? '' : ` [${guard}]`;
  const requests = actions.length === 0 ? '' : ` / ${actions.join(', ')}`;
  // Mermaid ends a label at a semicolon and reads a hash as the start of an entity.
  return `${event}${condition}${requests}`.replaceAll(/[;#"]/g, ' ');
}

/** What the machine hears in every state has no arrow to start from; it is noted at its target. */
function fromEverywhere(machine: StateFacts): readonly string[] {
  const targets = new Map<string, string[]>();
  for (const transition of machine.transitions) {
    if (transition.to === undefined) continue;
    targets.set(transition.to, [...(targets.get(transition.to) ?? []), label(transition)]);
  }
  return [...targets].flatMap(([to, labels]) => [
    `  note right of ${idOf(to)}`,
    '    from every state',
    ...labels.map((text) => `    ${text}`),
    '  end note',
  ]);
}

function idOf(path: string): string {
  const id = path.replaceAll(/[^A-Za-z0-9]/g, '_');
  return RESERVED.has(id) ? `${id}_` : id;
}
