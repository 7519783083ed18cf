// `node main opps [run]`: what the strategies found in a run: taken as which trade, or refused by
// which gate and by how much. One row per pair and direction, with its last word.
import type { Decimal, Refusal } from '../../domain/index.ts';
import { minus, toDecimal } from '../../domain/index.ts';
import { readJournal } from '../../journal/index.ts';
import { refusalText } from '../../operator/live-panel.ts';
import { RunHistory } from '../../operator/run-history.ts';
import type { RunRefusal } from '../../operator/run-history.ts';
import { signed } from '../../operator/step-lines.ts';
import type { TradeHistory } from '../../operator/trade-history.ts';
import type { ExitName } from '../exit-code.ts';
import type { ReadFlags } from '../read-flags.ts';
import { runToRead } from '../read-flags.ts';

export function listOpportunities(wanted: string | undefined, flags: ReadFlags): ExitName {
  const run = runToRead(flags, wanted);
  const history = new RunHistory();
  for (const { record } of readJournal(run)) history.add(record);
  const refused = [...history.refusals].sort((one, other) => (one.key < other.key ? -1 : 1));
  if (flags.json === true) {
    const taken = history.trades.map(takenRow);
    const rows = refused.map((refusal) => ({ ...refusal, missing: missing(refusal) }));
    process.stdout.write(`${JSON.stringify({ runDir: run.path, taken, refused: rows })}\n`);
    return 'success';
  }
  process.stdout.write(opportunitiesText(history.trades, refused));
  return 'success';
}

const takenRow = ({ tradeId, openedAtMs, plan }: TradeHistory) => ({
  tradeId,
  key: plan.key,
  atMs: openedAtMs,
  netEdgeBps: plan.netEdgeBps,
  notionalUsd: plan.notionalUsd,
});

/**
 * How much it was short of the gate or over it, in the gate's unit; null where a gate has no
 * measure.
 */
function missing({ found, limit, unit }: Refusal): Decimal | null {
  return unit === 'state' ? null : minus(toDecimal(limit), toDecimal(found));
}

function opportunitiesText(
  trades: readonly TradeHistory[],
  refused: readonly RunRefusal[],
): string {
  const taken = trades.map(
    ({ tradeId, plan }) =>
      `  ${plan.key.padEnd(28)} ${tradeId}, expected ${signed(plan.netEdgeBps, 1)} bps net`,
  );
  const not = refused.map((refusal) => `  ${refusalText(refusal)}`);
  return [
    'taken',
    ...(taken.length === 0 ? ['  none'] : taken),
    'not taken, by the last refusal of each pair',
    ...(not.length === 0 ? ['  none'] : not),
    '',
  ].join('\n');
}
