// The outcome of all cases as the table of docs/RECOVERY.md: violations of runs, and how long it took
// from the start of a process until it was safe.
import type { CaseResult, Phase } from './kill-case.ts';

const PHASES: readonly Phase[] = ['entry', 'exit', 'panic', 'held', 'command'];

export function outcomeTable(results: readonly CaseResult[]): string {
  const points = [...new Set(results.map(({ point }) => point))];
  const rows = points.map((point) => {
    const own = results.filter((each) => each.point === point);
    const cells = PHASES.map((phase) => countText(own.filter((each) => each.phase === phase)));
    return [point, ...cells, timesText(own)];
  });
  const head = ['point', ...PHASES, 'safe after, p50 / p99'];
  const all = ['all', ...PHASES.map((phase) => countText(ofPhase(results, phase)))];
  const times = [...all, timesText(results)];
  const running = quantiles(results.map(({ runningMs }) => runningMs));
  const table = [head, head.map(() => '---'), ...rows, times].map(
    (row) => `| ${row.join(' | ')} |`,
  );
  return `${table.join('\n')}\nrunning after, p50 / p99: ${running}`;
}

const ofPhase = (results: readonly CaseResult[], phase: Phase) =>
  results.filter((each) => each.phase === phase);

const countText = (results: readonly CaseResult[]): string =>
  results.length === 0
    ? '–'
    : `${results.filter(({ violations }) => violations.length > 0).length} / ${results.length}`;

const timesText = (results: readonly CaseResult[]): string =>
  quantiles(results.map(({ safeMs }) => safeMs));

/** Of those that had anything to recover. */
function quantiles(values: readonly number[]): string {
  const sorted = values.filter((ms) => ms > 0).sort((left, right) => left - right);
  const at = (part: number) => sorted[Math.ceil(part * sorted.length) - 1] ?? Infinity;
  const text = (ms: number) =>
    Number.isFinite(ms) ? `${(ms / 1000).toFixed(1)} s` : 'over at once';
  return `${text(at(0.5))} / ${text(at(0.99))}`;
}
