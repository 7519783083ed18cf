// What a running engine says of itself at its door. State and trades are those of the kernel, which
// a resumed run has at once; what counts from the first record on waits until that has been read.
import type { EngineStatus } from '../control/index.ts';
import type { Ms } from '../domain/index.ts';
import type { Kernel } from '../kernel/index.ts';
import type { MarketView } from '../market/view.ts';
import type { RunHistory } from '../operator/run-history.ts';
import { summarise } from '../operator/run-summary.ts';
import { venueStreams } from '../operator/venue-streams.ts';
import type { Lease } from '../ports/index.ts';
import { VERSION } from './version.ts';

export interface EngineStatusParts {
  readonly runId: string;
  readonly feed: string;
  readonly seed: number;
  readonly startedAtMs: Ms;
  readonly atMs: Ms;
  readonly kernel: Kernel;
  readonly history: RunHistory;
  readonly market: MarketView;
  readonly lease: Lease | undefined;
}

const ALERTS_MAX = 5;

export function engineStatus(parts: EngineStatusParts): EngineStatus {
  const { kernel, history, market, lease, atMs, ...about } = parts;
  const { seq } = kernel.head;
  const { trades, profit } = summarise(history);
  const isRead = (history.head?.seq ?? 0) === seq;
  const { engineSince } = history;
  return {
    ...{ ...about, mode: 'paper', pid: process.pid, engineVersion: VERSION },
    state: kernel.engineState,
    stateAtMs: isRead && engineSince !== undefined ? engineSince.atMs : null,
    reason: isRead && engineSince !== undefined ? engineSince.reason : '',
    ...{ atMs, seq },
    trades: isRead ? trades : null,
    profitUsd: isRead ? profit.totalUsd : null,
    openTrades: openTrades(kernel),
    streams: [...venueStreams(market, atMs)],
    alerts: history.alerts
      .slice(-ALERTS_MAX)
      .map(({ atMs: raisedAtMs, alert: { severity, code, text } }) => {
        return { atMs: raisedAtMs, severity, code, text };
      }),
    lease: lease?.standing().kind ?? null,
  };
}

const openTrades = (kernel: Kernel): EngineStatus['openTrades'] =>
  [...kernel.openTrades(), ...kernel.movingTrades()].map(({ tradeId, plan, legs }) => ({
    tradeId,
    key: plan.key,
    state: kernel.tradeState(tradeId) ?? '',
    legs: plan.legs.map(({ legId, instrumentId }) => ({
      instrumentId,
      status: legs[legId]?.status ?? '',
      qty: legs[legId]?.positionQty ?? '0',
    })),
  }));
