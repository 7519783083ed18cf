// One kill point from the first life to the judgement: killed there, killed again while recovering,
// then left to live until it is safe, told to stop, and judged by what the exchange wrote down.
import { readJournal, verifyChain } from '../../src/journal/index.ts';
import { recordHash, restoredKernel } from '../../src/kernel/index.ts';
import { lastJson, run } from '../cli/started-program.ts';
import { countingFaults, placementFaults, profitFaults } from './judge.ts';
import { safeAtMs, statementFaults } from './judge.ts';
import type { Statement } from './exchange-books.ts';
import { standings } from './recorded-steps.ts';
import type { Stage, Life } from './stage.ts';
import { until, within } from './stage.ts';

export type Phase = 'entry' | 'exit' | 'panic' | 'held' | 'command';

export interface KillCase {
  readonly point: string;
  readonly phase: Phase;
  /** Where the second life ends. */
  readonly again: string;
}

export interface CaseResult extends KillCase {
  readonly violations: readonly string[];
  /**
   * From the start of a process to the first record after which it is safe. 0 when the kill came too
   * late: everything was home and the run over, in the same write.
   */
  readonly safeMs: number;
  readonly runningMs: number;
}

export async function playCase(stage: Stage, killCase: KillCase): Promise<CaseResult> {
  const { point, phase, again } = killCase;
  const before = await stage.statements();
  const runsBefore = stage.runPaths().length;
  const keep = phase === 'held' ? { TRINITY_RUN__ON_STOP: 'keep' } : {};
  const first = stage.live({ killAt: `${point}:${phase}`, env: keep });
  await provoke(stage, first, phase);
  await stage.killed(first);
  const violations = [...placementFaults(evidenceOf(stage))];
  if (stateOf(stage, first).engine === 'stopped') {
    violations.push(...endFaults(stage, await stage.statements()));
    return { ...killCase, violations, safeMs: 0, runningMs: 0 };
  }
  const second = stage.live({ killAt: again });
  await stage.killed(second);
  violations.push(...placementFaults(evidenceOf(stage)));
  const { third, faults } = await lastLife(stage, before);
  violations.push(...faults);
  const runs = stage.runPaths().length - runsBefore;
  if (runs !== 1) violations.push(`three lives made ${runs} runs`);
  return { ...killCase, violations, ...timesOf(stage, third) };
}

/** A life in which nothing more goes wrong, to its ordered end; and what is wrong all the same. */
export async function lastLife(stage: Stage, before: readonly Statement[]) {
  const third = stage.live();
  const ended = await liveOut(stage, third);
  const after = await stage.statements();
  const isEnded = ended.code === 0;
  const faults = [
    ...(isEnded ? [] : [`ended with ${String(ended.code)}: ${ended.stderr}`]),
    ...endFaults(stage, after),
    ...(isEnded ? profitFaults(before, after, lastJson(ended).profit.totalUsd) : []),
  ];
  return { third, ended, faults };
}

function endFaults(stage: Stage, statements: readonly Statement[]): readonly string[] {
  const evidence = evidenceOf(stage);
  return [
    ...placementFaults(evidence),
    ...countingFaults(evidence),
    ...statementFaults(statements),
    ...wholeFaults(stage.runPaths().at(-1) ?? '', evidence.steps.length),
  ];
}

const evidenceOf = (stage: Stage) => ({ steps: stage.steps(), exchange: stage.exchange });

/** Brings the first life to where it can be killed, unless a panic of its own got there before. */
async function provoke(stage: Stage, life: Life, phase: Phase): Promise<void> {
  if (phase === 'entry') return;
  const isDead = await Promise.race([
    untilOpen(stage, life).then(() => false),
    life.engine.ended.then(({ signal }) => signal === 'SIGKILL'),
  ]);
  if (isDead) return;
  if (phase === 'exit' || phase === 'held') life.engine.signal('SIGTERM');
  else void run(['kill', '--reason', 'a test'], { folder: stage.folder });
}

export const untilOpen = (stage: Stage, life: Life): Promise<void> =>
  until(() => stateOf(stage, life).trades.includes('OPEN'), 'a trade is open', life);

function stateOf(stage: Stage, life: Life) {
  const firstSeq = stage.firstSeq(life);
  let engine = '';
  let trades: readonly string[] = [];
  let isNew = false;
  for (const [{ seq }, standing] of standings(stage.steps())) {
    engine = standing.engine;
    trades = [...standing.trades.values()];
    isNew = seq >= firstSeq;
  }
  return isNew ? { engine, trades } : { engine: '', trades: [] };
}

/** Until it is safe, unless it ends by itself because it was told to before; then it is stopped. */
async function liveOut(stage: Stage, life: Life) {
  const found = { hasEnded: false };
  void life.engine.ended.then(() => (found.hasEnded = true));
  const isSafe = () =>
    /^(running|halted|killed)/.test(stateOf(stage, life).engine) &&
    safeAtMs(evidenceOf(stage), stage.firstSeq(life)) !== undefined;
  await until(() => found.hasEnded || isSafe(), 'safe');
  if (!found.hasEnded) life.engine.signal('SIGTERM');
  return within(life.engine.ended, 'the end');
}

/** `verify` and `replay` of what is on disk. */
function wholeFaults(path: string, count: number): readonly string[] {
  const folder = { runId: path.split('/').at(-1) ?? '', path };
  try {
    const { records, headHash, torn } = verifyChain(folder, recordHash, () => undefined);
    const entries = [...readJournal(folder)].map(({ record }) => record);
    const { head } = restoredKernel(undefined, entries);
    return [
      ...(records === count ? [] : [`${count} records, verified ${records}`]),
      ...(head.hash === headHash ? [] : [`the replay ends elsewhere`]),
      ...(torn === undefined ? [] : [`torn at ${torn.offset}`]),
    ];
  } catch (error) {
    return [String(error)];
  }
}

function timesOf(stage: Stage, life: Life) {
  const { startedAtMs } = life;
  const firstSeq = stage.firstSeq(life);
  const evidence = evidenceOf(stage);
  let runningAtMs = Infinity;
  for (const [{ seq, atMs }, { engine }] of standings(evidence.steps)) {
    const isUp = seq >= firstSeq && !engine.startsWith('reconciling');
    if (isUp) runningAtMs = Math.min(runningAtMs, atMs);
  }
  const safe = safeAtMs(evidence, firstSeq) ?? Infinity;
  return { runningMs: runningAtMs - startedAtMs, safeMs: safe - startedAtMs };
}
