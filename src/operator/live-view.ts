// A run as it is shown to others while it goes on: its state in one object, and each record as the
// events that are worth telling.
import type { StepRecord } from '../domain/index.ts';
import { absolute, notional, total, ZERO_USD } from '../domain/index.ts';
import type { LiveAlert, LiveEvent, LiveState, LiveTrade } from '../ports/index.ts';
import type { RunHistory } from './run-history.ts';
import type { TradeHistory } from './trade-history.ts';
import { fillsOf, isSettled, positionsOf, stateOf, topState } from './trade-history.ts';

const ALERTS_MAX = 10;

export interface LiveRun {
  readonly runId: string;
  readonly history: RunHistory;
}

export function liveState({ runId, history }: LiveRun): LiveState | undefined {
  const { run, head } = history;
  if (run === undefined || head === undefined) return undefined;
  return {
    runId,
    mode: run.mode,
    feed: run.feed,
    engineState: history.engineState,
    headSeq: head.seq,
    headHash: head.hash,
    atMs: head.atMs,
    openTrades: history.trades.filter((trade) => !isSettled(trade)).map(liveTrade),
    alerts: history.alerts.slice(-ALERTS_MAX).map(liveAlert),
  };
}

function liveAlert({ atMs, alert }: RunHistory['alerts'][number]): LiveAlert {
  const { severity, code, key, text } = alert;
  return { atMs, severity, code, key, text };
}

function liveTrade(trade: TradeHistory): LiveTrade {
  const held = positionsOf(trade);
  const { tradeId, plan } = trade;
  const lastPrice = fillsOf(trade).at(-1)?.price;
  const deltaQty = absolute(total(Object.values(held)));
  return {
    tradeId,
    key: plan.key,
    state: topState(stateOf(trade)),
    legs: plan.legs.map(({ legId, instrumentId }) => ({ instrumentId, qty: held[legId] ?? '0' })),
    exposureUsd: lastPrice === undefined ? ZERO_USD : notional(lastPrice, deltaQty),
  };
}

export function liveEvents({ seq, atMs, transitions, effects }: StepRecord): readonly LiveEvent[] {
  return [
    ...transitions
      .filter(({ from, to }) => from !== to)
      .map(({ actor, from, event, to }) => {
        return { type: 'transition' as const, seq, atMs, actor, from, event, to };
      }),
    ...effects.flatMap((effect) => {
      if (effect.type !== 'alert.raise') return [];
      const { severity, code, key, text } = effect;
      return [{ type: 'alert' as const, atMs, severity, code, key, text }];
    }),
  ];
}
