// One connection to a Redis that may be slow, hung or away: nothing is queued while there is no
// connection, nothing is sent twice, and a server that is silent for long is dialled anew. Its
// address is told without its password.
import { Redis } from 'ioredis';
import { StorageError } from '../storage-error.ts';

/** A question unanswered for this long means a dead connection. */
const SILENT_MS_MAX = 5_000;
const CONNECT_MS_MAX = 2_000;
const REDIAL_MS = { step: 50, max: 500 } as const;

export interface RedisLine {
  readonly redis: Redis;
  /** Why the last attempt failed: `connect ECONNREFUSED 127.0.0.1:6379`. */
  readonly fault: () => string | undefined;
}

export function openRedis(redisUrl: string): RedisLine {
  redisPlace(redisUrl);
  let fault: string | undefined;
  const redis = new Redis(redisUrl, {
    protocol: 2,
    disableClientInfo: true,
    enableReadyCheck: false,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    connectTimeout: CONNECT_MS_MAX,
    socketTimeout: SILENT_MS_MAX,
    retryStrategy: (count) => Math.min(count * REDIAL_MS.step, REDIAL_MS.max),
  });
  redis.on('error', (error: Error) => (fault = error.message));
  redis.on('ready', () => (fault = undefined));
  return { redis, fault: () => fault };
}

/** Host and port of an address, without user and password. */
export function redisPlace(redisUrl: string): string {
  const url = URL.canParse(redisUrl) ? new URL(redisUrl) : undefined;
  if (url === undefined || !['redis:', 'rediss:'].includes(url.protocol) || url.host === '') {
    throw new StorageError(
      'storage.address',
      'REDIS_URL must look like redis://user:password@host:6379',
    );
  }
  return url.host;
}

/** Keys of one deployment, on one node of a cluster. */
export const redisKey = (deployment: string, name: string): string =>
  `trinity:{${deployment}}:${name}`;
