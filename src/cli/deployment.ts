// What an engine shares with others of its deployment: the lease to place orders and the board on
// which it shows itself. With REDIS_URL both reach other processes; without it, this process is
// taken to be the only one.
import { hostname } from 'node:os';
import { resolve } from 'node:path';
import type { Config } from '../config/index.ts';
import type { Lease } from '../ports/index.ts';
import { leaseAlert } from '../runtime/lease-alerts.ts';
import type { ShellAlert } from '../runtime/lease-alerts.ts';
import { startLease } from '../runtime/lease-start.ts';
import { LiveBoard } from '../runtime/live-board.ts';
import { holderText } from '../runtime/order-gate.ts';
import { watchfulClock } from '../runtime/watchful-clock.ts';
import { RedisLease, RedisLive, redisPlace, StorageError } from '../storage/index.ts';
import { Failure } from './exit-code.ts';

export interface Deployment {
  readonly lease: Lease | undefined;
  readonly board: LiveBoard;
  /** Those from before the call come at once. */
  onAlert(then: (alert: ShellAlert) => void): void;
  close(): Promise<void>;
}

export async function joinDeployment(
  { deployment: { name, leaseMs, redisUrl: secret }, run }: Config,
  say: (text: string) => void,
): Promise<Deployment> {
  const board = new LiveBoard();
  const redisUrl = secret?.reveal();
  const alerts = new AlertLine();
  const onAlert = (then: (alert: ShellAlert) => void): void => alerts.connect(then);
  if (redisUrl === undefined) {
    return { lease: undefined, board, onAlert, close: () => Promise.resolve() };
  }
  const place = placeOf(redisUrl);
  const holder = { host: hostname(), pid: process.pid, dataFolder: resolve(run.dataFolder) };
  const authority = new RedisLease({ redisUrl, deployment: name, leaseMs, holder });
  const begun = await startLease({
    ...{ authority, leaseMs, clock: watchfulClock() },
    onNews: (news) => alerts.tell(leaseAlert(news)),
    onWait: (cause) => say(`lease ${name} at redis ${place}: ${cause}`),
  });
  if (begun.kind !== 'held') {
    await authority.release();
    throw begun.kind === 'refused'
      ? refused(holderText(begun.holder), name)
      : unreachable(place, begun.cause);
  }
  const live = new RedisLive({ redisUrl, deployment: name });
  board.watch(live);
  return {
    ...{ lease: begun.lease, board, onAlert },
    close: async () => {
      await Promise.all([begun.lease.release(), live.close()]);
    },
  };
}

/** Keeps what is said before anybody listens. */
class AlertLine {
  readonly #early: ShellAlert[] = [];
  #then: ((alert: ShellAlert) => void) | undefined;

  tell(alert: ShellAlert): void {
    if (this.#then === undefined) this.#early.push(alert);
    else this.#then(alert);
  }

  connect(then: (alert: ShellAlert) => void): void {
    this.#then = then;
    for (const alert of this.#early.splice(0)) then(alert);
  }
}

function placeOf(redisUrl: string): string {
  try {
    return redisPlace(redisUrl);
  } catch (error) {
    if (error instanceof StorageError) throw new Failure('configuration', error.message);
    throw error;
  }
}

const refused = (holder: string, name: string): Failure =>
  new Failure(
    'locked',
    `${holder} has the lease of deployment ${name}; stop it first, or give an engine with ` +
      'other accounts a deployment.name of its own',
  );

const unreachable = (place: string, cause: string): Failure =>
  new Failure(
    'configuration',
    `redis at ${place} does not give the lease (${cause}); start it, or take REDIS_URL away ` +
      'where no other engine trades on these accounts',
  );
