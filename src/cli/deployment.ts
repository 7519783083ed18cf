// What an engine shares with others of its deployment: the lease to place orders and the board on
// which it shows itself. With REDIS_URL both reach other processes; without it, this process is
// taken to be the only one.
import { hostname } from 'node:os';
import { resolve } from 'node:path';
import type { LoadedConfig } from '../config/index.ts';
import { holderText, LEASE_PROTOCOL } from '../domain/index.ts';
import type { LeaseHolder } from '../domain/index.ts';
import type { Lease } from '../ports/index.ts';
import { startLease } from '../runtime/lease-start.ts';
import type { LeaseStart } from '../runtime/lease-start.ts';
import { LiveBoard } from '../runtime/live-board.ts';
import { watchfulClock } from '../runtime/watchful-clock.ts';
import { RedisLease, RedisLive, redisKey, redisPlace, StorageError } from '../storage/index.ts';
import { Failure } from './exit-code.ts';
import { VERSION } from './version.ts';

export interface Deployment {
  readonly lease: Lease | undefined;
  readonly board: LiveBoard;
  close(): Promise<void>;
}

export async function joinDeployment(
  { config, hash }: LoadedConfig,
  say: (text: string) => void,
): Promise<Deployment> {
  const { name, leaseMs, redisUrl: secret } = config.deployment;
  const board = new LiveBoard();
  const redisUrl = secret?.reveal();
  if (redisUrl === undefined) {
    return { lease: undefined, board, close: () => Promise.resolve() };
  }
  const place = placeOf(redisUrl);
  const identity = { engineVersion: VERSION, configHash: hash };
  const dataFolder = resolve(config.run.dataFolder);
  const holder = { host: hostname(), pid: process.pid, dataFolder, ...identity };
  const authority = new RedisLease({ redisUrl, deployment: name, leaseMs, holder });
  const begun = await startLease({
    ...{ authority, leaseMs, identity, clock: watchfulClock() },
    onWait: (cause) => say(`lease ${name} at redis ${place}: ${cause}`),
  });
  if (begun.kind !== 'held') {
    await authority.release();
    throw failureOf(begun, { name, place });
  }
  const live = new RedisLive({ redisUrl, deployment: name });
  board.watch(live);
  return {
    ...{ lease: begun.lease, board },
    close: async () => {
      await Promise.all([begun.lease.release(), live.close()]);
    },
  };
}

function placeOf(redisUrl: string): string {
  try {
    return redisPlace(redisUrl);
  } catch (error) {
    if (error instanceof StorageError) throw new Failure('configuration', error.message);
    throw error;
  }
}

interface Where {
  readonly name: string;
  readonly place: string;
}

function failureOf(begun: Exclude<LeaseStart, { kind: 'held' }>, where: Where): Failure {
  switch (begun.kind) {
    case 'refused':
      return refused(begun.holder, where);
    case 'foreign':
      return foreign(begun.holder, where);
    case 'unreachable':
      return unreachable(begun.cause, where);
  }
}

const refused = (holder: LeaseHolder, { name }: Where): Failure =>
  new Failure(
    'locked',
    `${holderText(holder)} has the lease of deployment ${name}${differing(holder)}; stop it ` +
      'first, or give an engine with other accounts a deployment.name of its own',
  );

const differing = ({ engineVersion }: LeaseHolder): string =>
  engineVersion === VERSION ? '' : `, and this is version ${VERSION}`;

const foreign = (holder: LeaseHolder, { name, place }: Where): Failure =>
  new Failure(
    'locked',
    `${holderText(holder)} has the lease of deployment ${name} in a way that this engine ` +
      `(version ${VERSION}, lease protocol ${LEASE_PROTOCOL}) does not know; end it with Ctrl-C ` +
      'or `stop`, which hands the lease back; if it died, and no engine of its version runs any ' +
      `more, remove the key ${redisKey(name, 'lease')} at redis ${place}`,
  );

const unreachable = (cause: string, { place }: Where): Failure =>
  new Failure(
    'configuration',
    `redis at ${place} does not give the lease (${cause}); start it, or take REDIS_URL away ` +
      'where no other engine trades on these accounts',
  );
