// The sandbox: one generated world behind three venues' protocols on loopback, moving in real time
// on the venues' own clock, which may start anywhere. Nothing that talks to it can tell it from the
// venues.
import { toMs } from '../domain/index.ts';
import type { Ms } from '../domain/index.ts';
import { BinanceProtocol } from './binanceusdm-server.ts';
import { BybitProtocol } from './bybit-server.ts';
import { OkxProtocol } from './okx-server.ts';
import { startVenueServer } from './venue-server.ts';
import type { VenueServer } from './venue-server.ts';
import type { VenueProtocol } from './wire.ts';
import { settlementStart, settlementStartBefore, World } from './world.ts';
import type { SandboxVenue, WorldInstrument } from './world-instrument.ts';

export interface SandboxOptions {
  readonly seed: number;
  /** `settlement`: 45 s before one that the seed picks. `now`: the wall clock's time. */
  readonly startAt?: 'settlement' | 'now';
  /**
   * Overrides `startAt`: the market is found as it would be by then, had it begun 45 s before the
   * last common settlement, or begins there when that is too long ago.
   */
  readonly startAtMs?: Ms;
  /** Any free ones when left out. */
  readonly ports?: Readonly<Record<SandboxVenue, number>>;
}

export interface SandboxAddress {
  readonly rest: string;
  readonly ws: string;
}

export interface Sandbox {
  /** Base addresses: clients append the paths of the real venue. */
  readonly venues: Readonly<Record<SandboxVenue, SandboxAddress>>;
  readonly world: World;
  readonly ports: Readonly<Record<SandboxVenue, number>>;
  /** The venues' clock. */
  nowMs(): Ms;
  /** Hears which books have changed, once the world has moved. */
  onAdvance(then: (changed: readonly WorldInstrument[]) => void): void;
  stop(): Promise<void>;
}

export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const startAtMs = options.startAtMs ?? startOf(options);
  // The clock runs while the world lives through what lies behind it.
  const zeroMs = performance.now();
  const world = worldAt(options.seed, startAtMs);
  const nowMs = (): Ms => toMs(startAtMs + Math.floor(performance.now() - zeroMs));
  const market = createMarket(world, nowMs);
  const [binanceusdm, bybit, okx] = await startAll(market, options.ports);
  let advanced: ((changed: readonly WorldInstrument[]) => void) | undefined;
  const timer = setInterval(() => {
    const changed = market.advanceTo(nowMs());
    advanced?.(changed);
  }, world.stepMs);
  return {
    venues: {
      binanceusdm: addressOf(binanceusdm),
      bybit: addressOf(bybit),
      okx: addressOf(okx),
    },
    ports: { binanceusdm: binanceusdm.port, bybit: bybit.port, okx: okx.port },
    world,
    nowMs,
    onAdvance: (then) => (advanced = then),
    stop: async () => {
      clearInterval(timer);
      await Promise.all([binanceusdm.stop(), bybit.stop(), okx.stop()]);
    },
  };
}

export interface Market extends Readonly<Record<SandboxVenue, VenueProtocol>> {
  /** Moves the world, sends out what has changed and names it. */
  readonly advanceTo: (atMs: Ms) => readonly WorldInstrument[];
}

/** The protocols of all venues over one world, without sockets and without a clock. */
export function createMarket(world: World, nowMs: () => Ms): Market {
  const binanceusdm = new BinanceProtocol(world, nowMs);
  const bybit = new BybitProtocol(world, nowMs);
  const okx = new OkxProtocol(world, nowMs);
  const advanceTo = (atMs: Ms): readonly WorldInstrument[] => {
    const changed: readonly WorldInstrument[] = world.advanceTo(atMs);
    for (const protocol of [binanceusdm, bybit, okx]) protocol.publish(atMs, changed);
    return changed;
  };
  return { binanceusdm, bybit, okx, advanceTo };
}

function startOf(options: SandboxOptions): Ms {
  return options.startAt === 'now' ? toMs(Date.now()) : settlementStart(options.seed);
}

/** Living through an hour takes about half a second. */
const LIVED_THROUGH_MS_MAX = 2 * 3_600_000;

function worldAt(seed: number, atMs: Ms): World {
  const beganAtMs = settlementStartBefore(atMs);
  if (atMs - beganAtMs > LIVED_THROUGH_MS_MAX) return new World({ seed, startAtMs: atMs });
  const world = new World({ seed, startAtMs: beganAtMs });
  world.advanceTo(atMs);
  return world;
}

const addressOf = ({ rest, ws }: VenueServer): SandboxAddress => ({ rest, ws });

/** All or none: when one port cannot be had, those that were are given back. */
async function startAll(
  market: Market,
  ports: SandboxOptions['ports'],
): Promise<readonly [VenueServer, VenueServer, VenueServer]> {
  const started: VenueServer[] = [];
  const start = async (venue: SandboxVenue): Promise<VenueServer> => {
    const server = await startVenueServer(market[venue], ports?.[venue]);
    started.push(server);
    return server;
  };
  try {
    return [await start('binanceusdm'), await start('bybit'), await start('okx')];
  } catch (error) {
    await Promise.all(started.map((server) => server.stop()));
    throw error;
  }
}
