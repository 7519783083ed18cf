// What a simulation tells people: how far it is, what failed and how to see it again, and what it
// all came to.
import type { PanelLine } from '../../operator/live-panel.ts';
import type { Failing } from '../../simulation/swarm.ts';
import type { SeedResult } from '../../simulation/seed-result.ts';
import type { SwarmTotal } from '../../simulation/swarm-total.ts';

export type Progress = SwarmTotal & { readonly of: number };
export type SimulationTotal = SwarmTotal & {
  readonly plantedCaught?: number;
  readonly planted?: number;
};

const BAR_CHARS = 32;
const VIOLATIONS_SHOWN = 3;

export function progressPanel(progress: Progress): readonly PanelLine[] {
  const { seeds, of, violations, worst, safeAfterMs } = progress;
  const done = Math.floor((seeds / Math.max(of, 1)) * BAR_CHARS);
  const bar = `${'█'.repeat(done)}${'░'.repeat(BAR_CHARS - done)}`;
  return [
    [
      [`${bar} `, 'good'],
      [`${seeds} of ${of} seeds, ${paceText(progress)}`, 'plain'],
    ],
    [
      [`${violations} failing`, violations > 0 ? 'bad' : 'good'],
      [`  worst so far: orphan ${worst.orphanMs} ms, unhedged ${worst.unhedgedMs} ms, `, 'quiet'],
      [safeAfterMs.p99 === null ? 'no restart' : `safe ${safeAfterMs.p99} ms (99 %)`, 'quiet'],
    ],
  ];
}

export const progressLine = (progress: Progress): string =>
  `${progress.seeds} of ${progress.of} seeds, ${paceText(progress)}, ` +
  `${progress.violations} failing`;

const safeLines = ({ p50, p99, worst }: SwarmTotal['safeAfterMs']): readonly string[] =>
  worst === null
    ? []
    : [`safe after a restart: ${p50} ms (half), ${p99} ms (99 %), ${worst} ms (worst)`];

function paceText({ seeds, wallMs, speed }: SwarmTotal): string {
  const perSecond = (seeds / Math.max(wallMs, 1)) * 1000;
  return `${perSecond.toFixed(1)} seeds/s, ${speed} times real time`;
}

export function failingText({ result, shrunk }: Failing): string {
  const { scenario } = result;
  const small = shrunk ?? result;
  return [
    shrunk === undefined
      ? `seed ${scenario.seed} fails: ${repeatCommand(scenario)}`
      : `seed ${scenario.seed} made small:`,
    ...violationLines(small),
    ...(shrunk === undefined ? [] : [`  smallest: ${JSON.stringify(shrunk.scenario)}`]),
  ].join('\n');
}

function violationLines({ violations }: SeedResult): readonly string[] {
  const shown = violations
    .slice(0, VIOLATIONS_SHOWN)
    .map((each) => `  ${each.invariant} ${each.text}`);
  const rest = violations.length - shown.length;
  return rest > 0 ? [...shown, `  and ${rest} more`] : shown;
}

/** The kinds that are on are told too: a run of one family is not a run of all. */
function repeatCommand({ seed, durationMs, faults }: SeedResult['scenario']): string {
  const kinds = Object.keys(faults).join(',');
  const hours = Number((durationMs / 3_600_000).toFixed(4));
  return `node main simulate --seeds ${seed} --hours ${hours} --faults ${kinds || 'none'}`;
}

export function totalText(total: SimulationTotal): string {
  const { seeds, violations, trades, restarts, worst, safeAfterMs, virtualMs, wallMs } = total;
  const hours = (virtualMs / 3_600_000).toFixed(1);
  const never = Object.entries(total.sometimes).filter(([, times]) => times === 0);
  return [
    `${seeds} seeds, ${hours} h of virtual time in ${(wallMs / 1000).toFixed(1)} s ` +
      `(${total.speed} times real time)`,
    `${violations === 0 ? 'no invariant was broken' : `${violations} seeds broke an invariant`}; ` +
      `${trades} trades, ${restarts} restarts`,
    `worst: orphan ${worst.orphanMs} ms, unhedged ${worst.unhedgedMs} ms`,
    ...safeLines(safeAfterMs),
    ...(total.plantedCaught === undefined
      ? []
      : [`${total.plantedCaught} of ${total.planted ?? 0} planted bugs caught`]),
    '',
    'seeds in which it occurred:',
    ...Object.entries(total.sometimes).map(
      ([situation, times]) => `  ${String(times).padStart(6)}  ${situation}`,
    ),
    ...(never.length > 0 ? ['too tame: some situations never occurred'] : []),
  ].join('\n');
}
