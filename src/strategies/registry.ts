// The strategies that exist, one line each. A strategy without settings is switched off.
import { fundingCarry } from './funding-carry/funding-carry.ts';
import type { FundingCarrySettings } from './funding-carry/settings.ts';
import type { Strategy } from './strategy.ts';

export interface StrategySettings {
  readonly fundingCarry?: FundingCarrySettings | undefined;
}

/** In order of registration, which is the order in which they are asked. */
export function enabledStrategies(settings: StrategySettings): readonly Strategy[] {
  const registered = [settings.fundingCarry && fundingCarry(settings.fundingCarry)];
  return registered.filter((strategy) => strategy !== undefined);
}
