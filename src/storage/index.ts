// The words of this room, in one import.
export type { Database } from './database.ts';
export * from './database-work.ts';
export { embeddedPath } from './embedded-database.ts';
export * from './live-projection.ts';
export * from './migrations.ts';
export * from './open-database.ts';
export * from './projection.ts';
export type { RunIdentity } from './record-rows.ts';
export { redisKey, redisPlace } from './redis/redis-connection.ts';
export { RedisLease } from './redis/redis-lease.ts';
export { RedisLive } from './redis/redis-live.ts';
export { fillsIn, reportRows } from './report-rows.ts';
export { RowBatch } from './row-batch.ts';
export * from './row-counts.ts';
export type { FollowedRun } from './run-filling.ts';
export * from './storage-error.ts';
export { fills, ledgerEntries } from './tables.ts';
export { isPassing } from './trouble-episode.ts';
