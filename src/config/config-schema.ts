// The whole configuration: what config.yaml may say, and the defaults for what it does not. The
// words are those of the code; a section that decides nothing about trading is left out of the hash
// (run, log, journal, storage, deployment).
import { z } from 'zod';
import { engineSchema, marketSchema } from './engine-schema.ts';
import {
  choice,
  claim,
  count,
  folder,
  ms,
  place,
  rate,
  secretAddress,
  section,
  usd,
  word,
} from './leaf.ts';
import type { Secret } from './secret.ts';
import { strategiesSchema } from './strategies-schema.ts';
import { tradeSchema } from './trade-schema.ts';
import { venuesSchema } from './venues-schema.ts';

export const configSchema = z.strictObject({
  run: section({
    feed: choice('sandbox', ['auto', 'live', 'sandbox']),
    clock: choice('real', ['real', 'virtual']),
    seed: count(7, { min: 0, max: 4_294_967_295 }),
    dataFolder: folder('data'),
    exchange: place('own'),
    onStop: choice('unwind', ['unwind', 'keep']),
  }),
  engine: engineSchema,
  market: marketSchema,
  trade: tradeSchema,
  strategies: strategiesSchema,
  venues: venuesSchema,
  paper: section({
    depositUsd: usd(10_000, { min: 1, max: 1_000_000_000 }),
    maintenanceMarginRate: rate(0.005, { min: 0.0001, max: 0.1 }),
    latencyMsMin: ms(15, { min: 0, max: 5_000 }),
    latencyMsMax: ms(40, { min: 0, max: 5_000 }),
  }),
  log: section({
    level: choice('info', ['debug', 'info', 'warn', 'error']),
    folder: folder('logs'),
  }),
  journal: section({
    archiveAfterDays: count(0, { min: 0, max: 36_500 }),
    removeAfterDays: count(0, { min: 0, max: 36_500 }),
  }),
  storage: section({
    isEnabled: claim(true),
    databaseUrl: secretAddress('DATABASE_URL', {
      protocols: ['postgres:', 'postgresql:'],
      example: 'postgres://user:password@host:5432/database',
    }),
  }),
  deployment: section({
    redisUrl: secretAddress('REDIS_URL', {
      protocols: ['redis:', 'rediss:'],
      example: 'redis://user:password@host:6379',
    }),
    name: word('main'),
    leaseMs: ms(3_000, { min: 1_000, max: 60_000 }),
  }),
});

type DeepReadonly<T> = T extends string | number | boolean | undefined | Secret
  ? T
  : { readonly [Key in keyof T]: DeepReadonly<T[Key]> };

export type Config = DeepReadonly<z.output<typeof configSchema>>;

/** Sections that say where and how long, not what is traded and how. */
export const UNHASHED_SECTIONS: readonly string[] = [
  'run',
  'log',
  'journal',
  'storage',
  'deployment',
];
