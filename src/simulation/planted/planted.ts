// All bugs that are planted, in the order of their table in docs/SIMULATION.md.
import { arrivalOrder } from './arrival-order.ts';
import { cancelledStrangers } from './cancelled-strangers.ts';
import { comparedFloats } from './compared-floats.ts';
import { countedDuplicate } from './counted-duplicate.ts';
import { droppedLateFill } from './dropped-late-fill.ts';
import { forgottenTimers } from './forgotten-timers.ts';
import { journalAfterSend } from './journal-after-send.ts';
import { localTimeStaleness } from './local-time-staleness.ts';
import type { PlantedBug } from './planted-bug.ts';
import { repeatedCommand } from './repeated-command.ts';
import { repeatedEffects } from './repeated-effects.ts';
import { resendOnTimeout } from './resend-on-timeout.ts';
import { roundedFee } from './rounded-fee.ts';
import { skippedGapCheck } from './skipped-gap-check.ts';
import { unfencedLease } from './unfenced-lease.ts';
import { unknownAsRejected } from './unknown-as-rejected.ts';

export const PLANTED: readonly PlantedBug[] = [
  resendOnTimeout,
  unknownAsRejected,
  droppedLateFill,
  countedDuplicate,
  skippedGapCheck,
  comparedFloats,
  journalAfterSend,
  forgottenTimers,
  repeatedEffects,
  localTimeStaleness,
  repeatedCommand,
  cancelledStrangers,
  unfencedLease,
  arrivalOrder,
  roundedFee,
];

export { catchPlanted, isCaught } from './planted-bug.ts';
export type { Catch, PlantedBug } from './planted-bug.ts';
