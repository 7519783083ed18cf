// I19: orders that are not ours are left alone: none is cancelled, none is asked about. I14: only
// the engine that holds the lease places orders. I13: what can grow stays below its limit.
import type { Violation } from '../evidence.ts';
import type { Run } from './run-reading.ts';

export function checkStrangers({ evidence, placementOf }: Run): readonly Violation[] {
  const cancelled = evidence.venues.flatMap(({ venueId, orders }) =>
    orders
      .filter(({ isForeign, fate }) => isForeign && fate === 'cancelled')
      .map((order) => ({
        invariant: 'I19',
        atMs: order.endedAtMs ?? evidence.endedAtMs,
        text: `order ${order.clientOrderId} at ${venueId} is a stranger's and was cancelled`,
        evidence: [JSON.stringify(order)],
      })),
  );
  const touched = evidence.venues.flatMap(({ venueId, requests }) =>
    requests
      .filter(({ life, kind }) => life > 0 && (kind === 'cancel' || kind === 'query'))
      .filter(({ clientOrderId }) => !placementOf.has(clientOrderId))
      .map((request) => ({
        invariant: 'I19',
        atMs: request.atMs,
        text: `${request.kind} of ${request.clientOrderId} at ${venueId}, which is not ours`,
        evidence: [JSON.stringify(request)],
      })),
  );
  return [...cancelled, ...touched];
}

export function checkLease({ evidence }: Run): readonly Violation[] {
  const { leases, lives, venues } = evidence;
  if (leases.length === 0) return [];
  const engineOf = new Map(lives.map(({ life, engineId }) => [life, engineId]));
  return venues.flatMap(({ venueId, requests }) =>
    requests
      .filter(({ life, kind }) => life > 0 && kind === 'place')
      .filter(({ life, atMs }) => {
        const engineId = engineOf.get(life);
        return !leases.some(
          (lease) => lease.engineId === engineId && lease.fromAtMs <= atMs && atMs <= lease.toAtMs,
        );
      })
      .map((request) => ({
        invariant: 'I14',
        atMs: request.atMs,
        text:
          `engine ${engineOf.get(request.life) ?? '?'} placed ${request.clientOrderId} ` +
          `at ${venueId} and does not hold the lease`,
        evidence: [JSON.stringify(request), JSON.stringify(leases)],
      })),
  );
}

export const checkBounds = ({ evidence }: Run): readonly Violation[] =>
  evidence.queues
    .filter(({ highest, limit }) => highest > limit)
    .map((queue) => ({
      invariant: 'I13',
      atMs: evidence.endedAtMs,
      text: `${queue.name} grew to ${queue.highest}, limit ${queue.limit}`,
      evidence: [JSON.stringify(queue)],
    }));
