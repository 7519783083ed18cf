// What an operator decides about each strategy: one group per strategy, each with its own switch.
import { assets, bps, claim, ms, multiple, section, usd } from './leaf.ts';

const DAY_MS = 86_400_000;

export const strategiesSchema = section({
  fundingCarry: section({
    isEnabled: claim(true),
    bases: assets(['BTC', 'ETH', 'SOL', 'XRP', 'DOGE']),
    netEdgeBpsMin: bps(5, { min: 0, max: 1_000 }),
    grossEdgeBpsFloor: bps(5, { min: 0, max: 1_000 }),
    notionalUsd: usd(2_000, { min: 10, max: 10_000_000 }),
    horizonMs: ms(29_100_000, { min: 60_000, max: 30 * DAY_MS }),
    settlementMarginMs: ms(15_000, { min: 0, max: 600_000 }),
    slippageBufferBps: bps(1, { min: 0, max: 100 }),
    basisBufferBps: bps(2, { min: 0, max: 200 }),
    bookAgeMsMax: ms(500, { min: 50, max: 10_000 }),
    leverage: multiple(3, { min: 1, max: 10 }),
    exitBelowBps: bps(3, { min: -100, max: 1_000 }),
    holdMsMax: ms(2 * DAY_MS, { min: 60_000, max: 365 * DAY_MS }),
  }),
});
