// The state of a running engine as a person reads it: the state in plain words first, then what it
// holds, whether its prices can be trusted, and what it has complained of.
import type { EngineStatus } from '../../control/index.ts';
import { toDecimal } from '../../domain/index.ts';
import { clockText } from '../../operator/clock-text.ts';
import { engineText } from '../../operator/engine-text.ts';
import { signed } from '../../operator/step-lines.ts';
import { streamMark } from '../../operator/venue-streams.ts';

export function statusText(status: EngineStatus): string {
  const { runId, pid, engineVersion, mode, feed, seed, startedAtMs, atMs, seq } = status;
  const rows: readonly (readonly [string, readonly string[]])[] = [
    ['state', [stateLine(status)]],
    ['run', [`${runId}, ${mode}, ${feed}, seed ${seed}, up ${clockText(atMs - startedAtMs)}`]],
    ['process', [`${pid}, version ${engineVersion}, at record ${seq}`]],
    ['result', [resultLine(status)]],
    ['open', tradeLines(status)],
    ['streams', streamLines(status)],
    ['alerts', alertLines(status)],
    ['lease', [LEASES[status.lease ?? 'none']]],
  ];
  return rows
    .flatMap(([name, lines]) =>
      lines.map((line, at) => `${(at === 0 ? name : '').padEnd(9)}${line}`.trimEnd()),
    )
    .map((line) => `${line}\n`)
    .join('');
}

function stateLine({ state, stateAtMs, atMs, reason }: EngineStatus): string {
  const since = stateAtMs === null ? '' : ` for ${clockText(atMs - stateAtMs)}`;
  const why = reason === '' ? '' : `: ${reason}`;
  return `${engineText(state)}${since}${why}`;
}

function resultLine({ trades, profitUsd }: EngineStatus): string {
  if (trades === null || profitUsd === null) return 'what the run did before is still being read';
  const { started, closed, panicked } = trades;
  const counts = `${started} trades, ${closed} closed, ${panicked} panicked`;
  return `${signed(toDecimal(profitUsd), 2)} USD; ${counts}`;
}

function tradeLines({ openTrades }: EngineStatus): readonly string[] {
  if (openTrades.length === 0) return ['no trade'];
  return openTrades.flatMap(({ tradeId, key, state, legs }) => [
    `${tradeId} ${key} ${state}`,
    ...legs.map(({ instrumentId, status, qty }) => {
      return `  ${instrumentId} ${qty}${status === 'idle' ? '' : `, ${status}`}`;
    }),
  ]);
}

function streamLines({ streams }: EngineStatus): readonly string[] {
  if (streams.length === 0) return ['none yet'];
  return streams.map((venue) => {
    const { venueId, healthyCount, count, oldestMs } = venue;
    const age = oldestMs === null ? '' : `, the oldest book is ${oldestMs} ms old`;
    return `${streamMark(venue)} ${venueId} ${healthyCount} of ${count} healthy${age}`;
  });
}

function alertLines({ alerts, startedAtMs }: EngineStatus): readonly string[] {
  if (alerts.length === 0) return ['none'];
  return alerts.map(
    ({ atMs, severity, code, text }) =>
      `[${clockText(atMs - startedAtMs)}] ${severity} ${code}  ${text}`,
  );
}

const LEASES: Readonly<Record<NonNullable<EngineStatus['lease']> | 'none', string>> = {
  none: 'none needed: no Redis is configured, or time is virtual',
  held: 'held: this engine may place orders',
  doubtful: 'in doubt: Redis is asked before the next order',
  unreachable: 'unreachable: Redis does not answer, nothing is entered',
  superseded: 'lost: another engine has it, and this one places nothing any more',
};
