// Judges one simulated run by what it left behind, against the invariants of the engine. It reads
// the evidence and nothing else: no code of the engine, not even its arithmetic.
import type { RunEvidence, Violation } from '../evidence.ts';
import { checkChain } from './chain.ts';
import { checkCommands } from './commands.ts';
import { checkConservation } from './conservation.ts';
import { checkCountedFills } from './counted-fills.ts';
import { checkDataQuality } from './data-quality.ts';
import { checkExposure } from './exposure.ts';
import { checkFailStop } from './fail-stop.ts';
import { checkIntents } from './intents.ts';
import { checkKillSwitch } from './kill-switch.ts';
import { checkLiveness } from './liveness.ts';
import { checkMoney } from './money.ts';
import { readRun } from './run-reading.ts';
import type { Run } from './run-reading.ts';
import { checkBounds, checkLease, checkStrangers } from './strangers.ts';
import { checkCorrections } from './corrections.ts';
import { checkTwoCounts } from './two-counts.ts';
import { checkUnknownOrders } from './unknown-orders.ts';
import { checkWorstCase } from './worst-case.ts';

const CHECKS: readonly ((run: Run) => readonly Violation[])[] = [
  checkIntents,
  checkConservation,
  checkExposure,
  checkUnknownOrders,
  checkCountedFills,
  checkCorrections,
  checkTwoCounts,
  checkDataQuality,
  checkChain,
  checkLiveness,
  checkFailStop,
  checkKillSwitch,
  checkWorstCase,
  checkBounds,
  checkLease,
  checkCommands,
  checkMoney,
  checkStrangers,
];

/** One cause often shows in hundreds of places: the first few of each check tell it. */
const VIOLATIONS_PER_CHECK_MAX = 20;

/** In order of time; empty when every invariant held. */
export function check(evidence: RunEvidence): readonly Violation[] {
  const run = readRun(evidence);
  return CHECKS.flatMap((judge) => judge(run).slice(0, VIOLATIONS_PER_CHECK_MAX)).sort(
    (left, right) => left.atMs - right.atMs,
  );
}
