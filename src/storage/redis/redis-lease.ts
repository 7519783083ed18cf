// Redis as the authority of a lease. Every question has its own time limit, because a connection
// that hangs answers neither yes nor no; an answer that comes later is not heard.
import { randomUUID } from 'node:crypto';
import type { LeaseHolder } from '../../domain/index.ts';
import { LEASE_PROTOCOL } from '../../domain/index.ts';
import type { LeaseAnswer, LeaseAuthority } from '../../ports/index.ts';
import { causeLine } from '../storage-error.ts';
import { CLAIM, RELEASE, toAnswer } from './lease-script-schema.ts';
import { openRedis, redisKey } from './redis-connection.ts';
import type { RedisLine } from './redis-connection.ts';

export interface RedisLeaseOptions {
  readonly redisUrl: string;
  /** Engines of one deployment trade the same accounts and want the same lease. */
  readonly deployment: string;
  readonly leaseMs: number;
  readonly holder: Omit<LeaseHolder, 'fence' | 'protocol'>;
}

const RELEASE_MS_MAX = 500;

export class RedisLease implements LeaseAuthority {
  readonly #options: RedisLeaseOptions;
  readonly #line: RedisLine;
  readonly #key: string;
  /** Tells this process from one that got the same number on the same host. */
  readonly #token = randomUUID();
  #isConfirmed = false;

  constructor(options: RedisLeaseOptions) {
    this.#options = options;
    this.#line = openRedis(options.redisUrl);
    this.#key = redisKey(options.deployment, 'lease');
  }

  claim(fenceSeen: number, withinMs: number, then: (answer: LeaseAnswer) => void): void {
    const { leaseMs, holder } = this.#options;
    const { host, pid, dataFolder, engineVersion, configHash } = holder;
    const tenure = [this.#token, host, pid, dataFolder, leaseMs, fenceSeen];
    const words = [...tenure, LEASE_PROTOCOL, engineVersion, configHash, this.#confirmed()];
    void this.#answer(withinMs, () => this.#line.redis.eval(CLAIM, 1, this.#key, ...words)).then(
      (reply) => then(toAnswer(reply, this.#key)),
      (error: unknown) => then({ kind: 'unreachable', cause: this.#cause(error) }),
    );
  }

  confirm(): void {
    this.#isConfirmed = true;
  }

  async release(): Promise<void> {
    const { redis } = this.#line;
    const words = [this.#token, this.#confirmed()];
    const told = this.#answer(RELEASE_MS_MAX, () => redis.eval(RELEASE, 1, this.#key, ...words));
    // Unheard, the lease ends by itself a little later.
    await told.catch(() => undefined);
    redis.disconnect();
  }

  #confirmed(): '0' | '1' {
    return this.#isConfirmed ? '1' : '0';
  }

  /** A connection that is just being made is waited for, within the same time. */
  async #answer(withinMs: number, ask: () => Promise<unknown>): Promise<unknown> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      const error = new Error(`no answer within ${withinMs} ms`);
      timer = setTimeout(() => reject(error), withinMs);
    });
    try {
      return await Promise.race([this.#connected().then(ask), late]);
    } finally {
      clearTimeout(timer);
    }
  }

  #connected(): Promise<void> {
    const { redis } = this.#line;
    if (redis.status !== 'connecting' && redis.status !== 'connect') return Promise.resolve();
    return new Promise((resolve) => {
      redis.once('ready', resolve);
      redis.once('close', resolve);
    });
  }

  #cause(error: unknown): string {
    return this.#line.fault() ?? causeLine(error);
  }
}
