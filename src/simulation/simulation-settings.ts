// What the simulated engine is configured with: the defaults of the product, but a funding strategy
// that looks as far as the lively funding of the simulation, and a journal of snapshots that is
// dense enough to be used.
import { loadConfig } from '../config/index.ts';
import type { Config } from '../config/index.ts';
import type { EngineLimits, Ms } from '../domain/index.ts';
import { toMs, toUsd } from '../domain/index.ts';
import type { StrategySettings } from '../strategies/registry.ts';
import type { LimitsEvidence } from './evidence.ts';
import { SETTLEMENT_EVERY_MS } from './lively-funding.ts';
import type { Scenario } from './scenario.ts';

export interface SimulationSettings {
  readonly config: Config;
  readonly configHash: string;
  readonly limits: EngineLimits;
  readonly strategies: StrategySettings;
  readonly staleAfterMs: Ms;
  readonly watchEveryMs: Ms;
  readonly snapshotEvery: number;
}

const SNAPSHOT_EVERY = 150;
const SETTLEMENT_MARGIN_MS = 5_000;

export function simulationSettings({ faults }: Scenario): SimulationSettings {
  // No file and no environment: a seed means the same on every machine.
  const { config, hash } = loadConfig({ environment: {} });
  const tightness = faults['tight-loss-limit'];
  const limits: EngineLimits = {
    ...config.engine,
    ...(tightness !== undefined && { dailyLossUsdMax: toUsd(Math.round(40 - 35 * tightness)) }),
  };
  const fundingCarry = {
    ...config.strategies.fundingCarry,
    ...config.trade,
    horizonMs: toMs(SETTLEMENT_EVERY_MS + SETTLEMENT_MARGIN_MS),
    settlementMarginMs: toMs(SETTLEMENT_MARGIN_MS),
  };
  return {
    config,
    configHash: hash,
    limits,
    strategies: { fundingCarry },
    staleAfterMs: config.market.staleAfterMs,
    watchEveryMs: config.market.watchEveryMs,
    snapshotEvery: SNAPSHOT_EVERY,
  };
}

export function limitsEvidence({ config, limits }: SimulationSettings): LimitsEvidence {
  const { fundingCarry } = config.strategies;
  return {
    openTradesMax: limits.openTradesMax,
    tradeNotionalUsdMax: fundingCarry.notionalUsd,
    leverage: fundingCarry.leverage,
    marginUsageMax: limits.marginUsageMax,
    orphanMsMax: limits.orphanMsMax,
    orphanUsdMin: limits.orphanUsdMin,
    staleAfterMs: config.market.staleAfterMs,
    propagationMs: config.trade.order.propagationMs,
    watchEveryMs: config.market.watchEveryMs,
  };
}
