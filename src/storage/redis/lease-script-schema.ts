// The lease as one step of Redis, which runs it whole or not at all: one hash that never expires
// holds fence, holder and the instant of the last renewal by Redis's own clock. What it answers is
// parsed before anybody believes it.
import { z } from 'zod';
import type { LeaseAnswer } from '../../ports/index.ts';

/**
 * KEYS: tenure. ARGV: token, host, pid, data folder, lease in ms, fence that we have seen as ours,
 * protocol, version, configuration hash, and 1 once our engine has recorded how it began. A tenure
 * with our token is ours and is kept, also after its time when nobody came in between. Without it,
 * a fence that is not below ours belongs to somebody who came after us. Whoever takes over from a
 * holder that died keeps it in the field 'from' until that record: dying or handing back before it,
 * we leave it to the next. A program of protocol 1 leaves what it does not know as it was: that
 * part counts only with the token it was written for. Fence, token, isReleased, protocol and
 * partToken mean the same in every protocol; of a tenure that speaks another, nothing else is
 * believed, and it ends by being handed back.
 */
export const CLAIM = `
local names = {'fence', 'token', 'host', 'pid', 'dataFolder', 'renewedAtMs', 'leaseMs',
  'isReleased', 'protocol', 'engineVersion', 'configHash', 'partToken', 'from'}
local values = redis.call('HMGET', KEYS[1], unpack(names))
local tenure = {}
for i, name in ipairs(names) do tenure[name] = values[i] end
local time = redis.call('TIME')
local nowMs = time[1] * 1000 + math.floor(time[2] / 1000)
local fence = tonumber(tenure.fence or 0)
local seen = tonumber(ARGV[6])
local isReleased = tenure.isReleased == '1'
local isConfirmed = ARGV[10] == '1'
if tenure.token == ARGV[1] and not isReleased then
  redis.call('HSET', KEYS[1], 'renewedAtMs', nowMs, 'leaseMs', ARGV[5])
  if isConfirmed then redis.call('HDEL', KEYS[1], 'from') end
  return {'held', fence, 0, 0}
end
local hasPart = tenure.token and tenure.partToken == tenure.token
local protocol = hasPart and tonumber(tenure.protocol or 1) or 1
local isForeign = tenure.token and protocol ~= tonumber(ARGV[7])
if isForeign then
  tenure.host = tenure.host or '?'
  tenure.pid = tenure.pid or 0
  tenure.dataFolder = tenure.dataFolder or '?'
end
local holder = {fence, tenure.host or 0, tonumber(tenure.pid) or '', tenure.dataFolder or 0,
  protocol, hasPart and tenure.engineVersion or '', hasPart and tenure.configHash or '',
  tonumber(tenure.renewedAtMs or 0)}
local isOver = not isForeign and (not tenure.renewedAtMs
  or nowMs >= tonumber(tenure.renewedAtMs) + tonumber(tenure.leaseMs))
if not (isReleased or isOver) or (seen > 0 and fence >= seen) then
  return {'other', unpack(holder)}
end
local from = nil
if hasPart and not isForeign and tenure.from then from = cjson.decode(tenure.from)
elseif tenure.token and not isReleased then from = holder end
local nextFence = math.max(fence, seen) + 1
redis.call('HSET', KEYS[1], 'fence', nextFence, 'token', ARGV[1], 'host', ARGV[2], 'pid', ARGV[3],
  'dataFolder', ARGV[4], 'renewedAtMs', nowMs, 'leaseMs', ARGV[5], 'isReleased', '0',
  'protocol', ARGV[7], 'engineVersion', ARGV[8], 'configHash', ARGV[9], 'partToken', ARGV[1])
if from and not isConfirmed then redis.call('HSET', KEYS[1], 'from', cjson.encode(from))
else redis.call('HDEL', KEYS[1], 'from') end
return {'held', nextFence, 1, isReleased and 1 or 0, unpack(from or {})}
`;

/**
 * KEYS: tenure. ARGV: token, and 1 once our engine has recorded how it began; before that, the
 * field 'from' stays for the next. Leaves the tenure of anybody else alone.
 */
export const RELEASE = `
if redis.call('HGET', KEYS[1], 'token') ~= ARGV[1] then return 0 end
if ARGV[2] == '1' then redis.call('HDEL', KEYS[1], 'from') end
return redis.call('HSET', KEYS[1], 'isReleased', '1')
`;

const flag = z.literal([0, 1]).transform((value) => value === 1);
const count = z.number();
const word = z.string();

/** Fence, host, process, data folder, protocol, version, configuration, renewed at. */
const tenure = [count, word, count, word, count, word, word, count] as const;
const held = [z.literal('held'), count, flag, flag] as const;

type Tenure = readonly [number, string, number, string, number, string, string, number];

function toHolder([fence, host, pid, dataFolder, protocol, engineVersion, configHash]: Tenure) {
  return { fence, host, pid, dataFolder, protocol, engineVersion, configHash };
}

const replySchema = z.union([
  z.tuple([...held]).transform(([kind, fence, isNew, isHandedOver]) => {
    return { kind, fence, isNew, isHandedOver, from: undefined };
  }),
  z.tuple([...held, ...tenure]).transform(([kind, fence, isNew, isHandedOver, ...from]) => {
    return { kind, fence, isNew, isHandedOver, from: toHolder(from) };
  }),
  z.tuple([z.literal('other'), ...tenure]).transform(([kind, ...holder]) => {
    return { kind, holder: toHolder(holder), renewedAtMs: holder[7] };
  }),
]);

/** What stands there and is none of ours is as good as no answer: nobody gets the lease from it. */
export function toAnswer(reply: unknown, key: string): LeaseAnswer {
  const parsed = replySchema.safeParse(reply);
  if (parsed.success) return parsed.data;
  return { kind: 'unreachable', cause: `redis key ${key} does not hold a lease of this program` };
}
