// The decision plane: step, timers, hash chain, replay.
export type { TradeContext } from '../../machines/index.ts';
export { recordHash } from './hash-chain.ts';
export { Kernel } from './kernel.ts';
export type { KernelSnapshot } from './kernel.ts';
export { replay, restoredKernel } from './replay.ts';
export type { Divergence, ReplayResult } from './replay.ts';
