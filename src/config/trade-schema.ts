// How any trade is executed, whichever strategy made it: time limits, chases, prices beyond the
// touch, patience with an order. The groups have exactly the fields of the domain's policies.
import { bps, count, ms, section } from './leaf.ts';

const phaseSchema = section({
  timeoutMs: ms(1_200, { min: 100, max: 60_000 }),
  panicAfterMs: ms(400, { min: 20, max: 10_000 }),
  chase: section({
    chaseCountMax: count(3, { min: 0, max: 10 }),
    stepBps: bps(2, { min: 0, max: 100 }),
    budgetBps: bps(10, { min: 0, max: 200 }),
  }),
  slippageBpsMax: bps(10, { min: 0, max: 500 }),
});

export const tradeSchema = section({
  entry: phaseSchema,
  exit: phaseSchema,
  panic: section({
    slippageBps: bps(20, { min: 1, max: 1_000 }),
    slippageBpsCap: bps(300, { min: 1, max: 2_000 }),
    attemptCountMax: count(5, { min: 1, max: 100 }),
    retryMs: ms(500, { min: 20, max: 60_000 }),
  }),
  order: section({
    ackTimeoutMs: ms(300, { min: 20, max: 10_000 }),
    queryEveryMs: ms(200, { min: 20, max: 10_000 }),
    propagationMs: ms(2_000, { min: 100, max: 60_000 }),
  }),
});
