// Two engines that want one account, in the smallest form: each the product's own lease keeper and
// order gate on a clock of its own, one authority and one venue between them. The first one stands
// still for longer than a lease lasts, and wakes up with orders in its hands.
import type { OrderRequest } from '../../domain/index.ts';
import {
  LEASE_PROTOCOL,
  clientOrderId,
  seededRandom,
  toInstrumentId,
  toLegId,
  toMs,
  toPrice,
  toQty,
  toTradeId,
  toVenueId,
} from '../../domain/index.ts';
import type { Lease, LeaseAnswer, LeaseAuthority } from '../../ports/index.ts';
import { LeaseKeeper } from '../../runtime/lease-keeper.ts';
import { OrderGate } from '../../runtime/order-gate.ts';
import { VirtualClock } from '../../runtime/virtual-clock.ts';
import type { LeaseWindow, VenueRequest } from '../evidence.ts';
import { LifeClock } from '../life-clock.ts';

export interface TwoEngines {
  readonly requests: readonly VenueRequest[];
  readonly leases: readonly LeaseWindow[];
  readonly endedAtMs: number;
}

const LEASE_MS = 3_000;
const ENDED_AT_MS = 30_000;

/** `guarded` is the lease as the first engine uses it. */
export function twoEngines(seed: number, guarded: (lease: Lease) => Lease): TwoEngines {
  const random = seededRandom(`two engines/${seed}`);
  const world = new VirtualClock(toMs(0));
  const authority = new OneHolder(world);
  const requests: VenueRequest[] = [];
  const first = new LifeClock(world, { offsetMs: 0, drift: 0 }, 0);
  const second = new LifeClock(world, { offsetMs: 0, drift: 0 }, 0);
  const start = (engineId: string, life: number, clock: LifeClock, lease: Lease): void => {
    const gate = new OrderGate({
      lease,
      trade: () => undefined,
      refuse: () => undefined,
      isClosed: () => false,
    });
    const decide = (count: number): void => {
      const order = orderOf(engineId, count);
      const go = (): void => void requests.push(placement(order, life, world.nowMs()));
      gate.pass({ order, go });
      clock.schedule(toMs(clock.nowMs() + 300 + random.below(500)), () => decide(count + 1));
    };
    decide(1);
  };
  start('a', 1, first, guarded(keeperOf('a', first, authority)));
  waitForLease('b', second, authority, (lease) => start('b', 2, second, lease));
  world.advanceTo(toMs(2_000 + random.below(5_000)));
  first.stallUntil(toMs(world.nowMs() + LEASE_MS + 1_000 + random.below(10_000)));
  world.advanceTo(toMs(ENDED_AT_MS));
  return { requests, leases: authority.windows(ENDED_AT_MS), endedAtMs: ENDED_AT_MS };
}

function keeperOf(engineId: string, clock: LifeClock, authority: OneHolder): Lease {
  const fence = authority.take(engineId);
  const parts = { authority: authority.seenBy(engineId), clock, leaseMs: LEASE_MS };
  return new LeaseKeeper(parts, { fence, atMs: clock.nowMs() });
}

function waitForLease(
  engineId: string,
  clock: LifeClock,
  authority: OneHolder,
  begin: (lease: Lease) => void,
): void {
  if (authority.isFree) begin(keeperOf(engineId, clock, authority));
  else {
    const againAtMs = toMs(clock.nowMs() + 250);
    clock.schedule(againAtMs, () => waitForLease(engineId, clock, authority, begin));
  }
}

const VENUE = toVenueId('x');

const orderOf = (engineId: string, count: number): OrderRequest => {
  const [tradeId, legId] = [toTradeId(count), toLegId('a')];
  const runTag = engineId.padStart(6, '0');
  return {
    clientOrderId: clientOrderId({ runTag, tradeId, legId, attempt: 1 }),
    ...{ tradeId, legId, venueId: VENUE, instrumentId: toInstrumentId(VENUE, 'BTC/USDT:USDT') },
    ...{ side: 'buy', qty: toQty('1'), limitPrice: toPrice('1'), referencePrice: toPrice('1') },
    ...{ timeInForce: 'IOC', reduceOnly: false },
  };
};

function placement(order: OrderRequest, life: number, atMs: number): VenueRequest {
  const { clientOrderId: id, instrumentId, side, qty, limitPrice, reduceOnly } = order;
  return {
    ...{ atMs, life, kind: 'place', clientOrderId: id, instrumentId, side, qty, limitPrice },
    ...{ reduceOnly, outcome: 'accepted' },
  };
}

/** The record that all engines reach: who holds, since when, until when. */
class OneHolder {
  readonly #clock: VirtualClock;
  readonly #tenures: { engineId: string; fence: number; fromAtMs: number; toAtMs: number }[] = [];

  constructor(clock: VirtualClock) {
    this.#clock = clock;
  }

  get isFree(): boolean {
    return (this.#tenures.at(-1)?.toAtMs ?? -Infinity) < this.#clock.nowMs();
  }

  take(engineId: string): number {
    const fence = this.#tenures.length + 1;
    const fromAtMs = this.#clock.nowMs();
    this.#tenures.push({ engineId, fence, fromAtMs, toAtMs: fromAtMs + LEASE_MS });
    return fence;
  }

  seenBy(engineId: string): LeaseAuthority {
    return {
      claim: (_, __, then) => then(this.#answer(engineId)),
      confirm: () => undefined,
      release: () => Promise.resolve(),
    };
  }

  /** The last tenure lasts to the end, or to the next. */
  windows(endedAtMs: number): readonly LeaseWindow[] {
    return this.#tenures.map((tenure, index) => ({
      ...tenure,
      toAtMs: this.#tenures[index + 1]?.fromAtMs ?? endedAtMs,
    }));
  }

  #answer(engineId: string): LeaseAnswer {
    const last = this.#tenures.at(-1);
    if (last?.engineId === engineId) {
      last.toAtMs = this.#clock.nowMs() + LEASE_MS;
      return {
        kind: 'held',
        fence: last.fence,
        isNew: false,
        isHandedOver: false,
        from: undefined,
      };
    }
    const fence = last?.fence ?? 0;
    const place = { host: 'here', pid: 1, dataFolder: last?.engineId ?? '' };
    const identity = { engineVersion: '0', configHash: '', protocol: LEASE_PROTOCOL };
    const holder = { fence, ...place, ...identity };
    return { kind: 'other', holder, renewedAtMs: this.#clock.nowMs() };
  }
}
