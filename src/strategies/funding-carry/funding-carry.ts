// Funding carry as a strategy: long where longs pay little or are paid, short where shorts are
// paid, of one asset and one quantity, over a settlement that pays more than getting in and out
// costs.
import type { Strategy } from '../strategy.ts';
import { STRATEGY_NAME } from './carry-pair.ts';
import { discovery } from './discover.ts';
import { exit } from './exit.ts';
import type { FundingCarrySettings } from './settings.ts';

export const fundingCarry = (settings: FundingCarrySettings): Strategy => ({
  name: STRATEGY_NAME,
  discover: discovery(settings),
  exit: (market, held, atMs) => exit(market, held, settings, atMs),
});
