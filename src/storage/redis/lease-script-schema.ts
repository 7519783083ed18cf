// The lease as one step of Redis, which runs it whole or not at all: one hash that never expires
// holds fence, holder and the instant of the last renewal by Redis's own clock. What it answers is
// parsed before anybody believes it.
import { z } from 'zod';
import type { LeaseAnswer } from '../../ports/index.ts';

/**
 * KEYS: tenure. ARGV: token, host, pid, data folder, lease in ms, fence that we have seen as ours.
 * A tenure with our token is ours and is kept, also after its time when nobody came in between.
 * Without it, a fence that is not below ours belongs to somebody who came after us.
 */
export const CLAIM = `
local names = {'fence', 'token', 'host', 'pid', 'dataFolder', 'renewedAtMs', 'leaseMs',
  'isReleased'}
local values = redis.call('HMGET', KEYS[1], unpack(names))
local tenure = {}
for i, name in ipairs(names) do tenure[name] = values[i] end
local time = redis.call('TIME')
local nowMs = time[1] * 1000 + math.floor(time[2] / 1000)
local fence = tonumber(tenure.fence or 0)
local seen = tonumber(ARGV[6])
if tenure.token == ARGV[1] and tenure.isReleased ~= '1' then
  redis.call('HSET', KEYS[1], 'renewedAtMs', nowMs, 'leaseMs', ARGV[5])
  return {'held', fence, 0, 0}
end
local isFree = tenure.isReleased == '1' or not tenure.renewedAtMs
  or nowMs >= tonumber(tenure.renewedAtMs) + tonumber(tenure.leaseMs)
if not isFree or (seen > 0 and fence >= seen) then
  return {'other', fence, tenure.host, tonumber(tenure.pid), tenure.dataFolder,
    tonumber(tenure.renewedAtMs)}
end
local nextFence = math.max(fence, seen) + 1
redis.call('HSET', KEYS[1], 'fence', nextFence, 'token', ARGV[1], 'host', ARGV[2], 'pid', ARGV[3],
  'dataFolder', ARGV[4], 'renewedAtMs', nowMs, 'leaseMs', ARGV[5], 'isReleased', '0')
return {'held', nextFence, 1, tenure.isReleased == '1' and 1 or 0}
`;

/** KEYS: tenure. ARGV: token. Leaves the tenure of anybody else alone. */
export const RELEASE = `
if redis.call('HGET', KEYS[1], 'token') == ARGV[1] then
  return redis.call('HSET', KEYS[1], 'isReleased', '1')
end
return 0
`;

const flag = z.literal([0, 1]).transform((value) => value === 1);

const replySchema = z.union([
  z
    .tuple([z.literal('held'), z.number(), flag, flag])
    .transform(([kind, fence, isNew, isHandedOver]) => ({ kind, fence, isNew, isHandedOver })),
  z
    .tuple([z.literal('other'), z.number(), z.string(), z.number(), z.string(), z.number()])
    .transform(([kind, fence, host, pid, dataFolder, renewedAtMs]) => ({
      kind,
      holder: { fence, host, pid, dataFolder },
      renewedAtMs,
    })),
]);

/** What stands there and is none of ours is as good as no answer: nobody gets the lease from it. */
export function toAnswer(reply: unknown, key: string): LeaseAnswer {
  const parsed = replySchema.safeParse(reply);
  if (parsed.success) return parsed.data;
  return { kind: 'unreachable', cause: `redis key ${key} does not hold a lease of this program` };
}
