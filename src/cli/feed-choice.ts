// Decides where prices come from and brings it up: live venues, the sandbox as a process of its
// own, or for virtual time the generated market in this process.
import type { Config } from '../config/index.ts';
import { enabledVenues } from '../config/index.ts';
import type { Ms } from '../domain/index.ts';
import { toMs } from '../domain/index.ts';
import type { Clock, Feed } from '../ports/index.ts';
import { realClock } from '../runtime/real-clock.ts';
import { VirtualClock } from '../runtime/virtual-clock.ts';
import { settlementStart, settlementStartAfter, World, worldFeeds } from '../sandbox/index.ts';
import type { ExchangeAddress } from '../venues/local-exchange/exchange-line.ts';
import { exchangeAddress, greetExchange } from './exchange-address.ts';
import { Failure } from './exit-code.ts';
import type { HeldAccounts } from './paper-accounts.ts';
import { heldAccounts } from './paper-accounts.ts';
import type { ResumableRun, RunIdentity } from './resumable-run.ts';
import { configuredAddresses, liveFeeds, venueTimeMs } from './live-feeds.ts';
import { startSandboxProcess } from './sandbox-process.ts';
import type { SandboxProcess } from './sandbox-process.ts';

/** How long a venue has to answer before `auto` gives up on it. */
export const ANSWER_WITHIN_MS = 5_000;

export interface Prices {
  readonly feed: 'live' | 'sandbox';
  readonly clock: Clock;
  readonly feeds: readonly Feed[];
  /** Present where the market runs in a process of ours. */
  readonly sandbox: SandboxProcess | undefined;
  /** The run that goes on with these prices. */
  readonly resumable: ResumableRun | undefined;
  /** By how much the last record of that run is later than the time here: its clock stays so. */
  readonly aheadMs: Ms;
  /** Said at the start where paper accounts are not fresh. */
  readonly held: HeldAccounts | undefined;
  /** Worth a loud word: why it is not what was asked for. */
  readonly remark: string | undefined;
}

/** Finds the run that goes on with the same prices, unless a new one is wanted. */
export type FindRun = (identity: RunIdentity) => ResumableRun | undefined;

export async function realPrices(config: Config, findRun: FindRun): Promise<Prices> {
  const { feed: wanted, seed } = config.run;
  const address = exchangeAddress(config);
  if (address !== undefined) return exchangePrices(config, findRun, address);
  if (wanted === 'sandbox') return sandboxPrices(config, findRun, undefined);
  const addresses = configuredAddresses(config);
  const answeredAtMs = await venueTimeMs(addresses, ANSWER_WITHIN_MS);
  if (answeredAtMs !== undefined) {
    const resumable = findRun({ feed: 'live', seed });
    const nowMs = toMs(Date.now());
    const clock = realClock(nowMs, resumable?.lastAtMs);
    const feeds = liveFeeds(config, addresses, clock);
    const held = heldAccounts(config, 'live');
    const nothing = { sandbox: undefined, remark: undefined };
    const aheadMs = aheadOf(nowMs, resumable);
    return { feed: 'live', clock, feeds, resumable, aheadMs, held, ...nothing };
  }
  const names = Object.keys(addresses).join(', ');
  const remark = `none of ${names} answered within ${ANSWER_WITHIN_MS / 1000} s`;
  if (wanted === 'auto') return sandboxPrices(config, findRun, remark);
  throw new Failure('venue', `${remark}; \`--feed sandbox\` runs without a network`);
}

/** An exchange process trades on its own generated market: its prices and its clock go with it. */
async function exchangePrices(
  config: Config,
  findRun: FindRun,
  address: ExchangeAddress,
): Promise<Prices> {
  if (config.run.feed !== 'sandbox') {
    const way = 'leave out --feed, or --exchange';
    throw new Failure('usage', `an exchange process has no ${config.run.feed} prices; ${way}`);
  }
  const [first] = enabledVenues(config);
  if (first === undefined) throw new Error('a configuration must have a venue');
  const welcome = await greetExchange(address, first.venueId, ANSWER_WITHIN_MS);
  const resumable = findRun({ feed: 'sandbox', seed: config.run.seed });
  const clock = realClock(welcome.nowMs, resumable?.lastAtMs);
  const feeds = liveFeeds(config, welcome.prices, clock);
  const aheadMs = aheadOf(welcome.nowMs, resumable);
  const nothing = { sandbox: undefined, remark: undefined, held: undefined };
  return { feed: 'sandbox', clock, feeds, resumable, aheadMs, ...nothing };
}

const aheadOf = (nowMs: Ms, resumable: ResumableRun | undefined): Ms =>
  toMs(Math.max(0, (resumable?.lastAtMs ?? nowMs) - nowMs));

/** The run's clock is the sandbox's own, which may stand anywhere. */
async function sandboxPrices(
  config: Config,
  findRun: FindRun,
  remark: string | undefined,
): Promise<Prices> {
  const { seed } = config.run;
  const resumable = findRun({ feed: 'sandbox', seed });
  const held = heldAccounts(config, 'sandbox');
  const startAt = sandboxStartAt({
    seed,
    resumedAtMs: resumable?.nowAtMs,
    lastAtMs: held?.lastAtMs,
  });
  const sandbox = await startSandboxProcess(seed, startAt);
  const nowMs = await venueTimeMs(sandbox.venues, ANSWER_WITHIN_MS);
  if (nowMs === undefined) {
    await sandbox.stop();
    throw new Failure('venue', `the sandbox (pid ${sandbox.pid}) does not tell its time`);
  }
  const clock = realClock(nowMs);
  const feeds = liveFeeds(config, sandbox.venues, clock);
  const aheadMs = toMs(0);
  return { feed: 'sandbox', clock, feeds, sandbox, resumable, aheadMs, remark, held };
}

/**
 * A resumed run goes on where it would be by now. A new one starts at the settlement that the seed
 * picks, or at the next one after everything that the paper accounts have seen.
 */
export function sandboxStartAt(known: {
  readonly seed: number;
  readonly resumedAtMs: Ms | undefined;
  readonly lastAtMs: Ms | undefined;
}): string {
  const { seed, resumedAtMs, lastAtMs } = known;
  const iso = (atMs: number): string => new Date(atMs).toISOString();
  if (resumedAtMs !== undefined) return iso(Math.max(resumedAtMs, lastAtMs ?? 0));
  if (lastAtMs === undefined || lastAtMs < settlementStart(seed)) return 'settlement';
  return iso(settlementStartAfter(lastAtMs));
}

export interface VirtualPrices {
  readonly clock: VirtualClock;
  readonly feeds: readonly Feed[];
  readonly startAtMs: Ms;
}

export function virtualPrices(config: Config): VirtualPrices {
  if (exchangeAddress(config) !== undefined) {
    throw new Failure('usage', 'virtual time reaches no other process; leave out --exchange');
  }
  const world = new World({ seed: config.run.seed, pace: 'coarse' });
  const clock = new VirtualClock(world.startAtMs);
  const enabled = worldFeeds({ world, clock }).filter((feed) => isEnabled(config, feed));
  return { clock, feeds: enabled, startAtMs: world.startAtMs };
}

const isEnabled = ({ venues }: Config, { venueId }: Feed): boolean =>
  Object.entries(venues).some(([id, { isEnabled: enabled }]) => id === venueId && enabled);
