// Funding that gives an engine something to do all the time: every two minutes all instruments
// settle, and before most settlements the rates of two venues part for a while. A pure function of
// seed, instrument and instant; of the simulation only, no venue settles like this.
import type { Instrument, SeededRandom } from '../domain/index.ts';
import { seededRandom, toMs } from '../domain/index.ts';
import type { FundingView } from '../market/view.ts';

export const SETTLEMENT_EVERY_MS = 120_000;
const QUIET_RATE = 0.00005;
const PART_CHANCE = 0.85;
const PART_BPS = { low: 40, high: 70 } as const;

interface Parting {
  readonly rich: string;
  readonly poor: string;
  readonly rate: number;
  readonly fromAtMs: number;
  readonly toAtMs: number;
}

export class LivelyFunding {
  readonly #seed: number;
  readonly #venueIds: readonly string[];
  readonly #partings = new Map<string, Parting | undefined>();

  constructor(seed: number, venueIds: readonly string[]) {
    this.#seed = seed;
    this.#venueIds = venueIds;
  }

  at({ base, venueId }: Instrument, atMs: number): FundingView {
    const settlementAtMs = Math.floor(atMs / SETTLEMENT_EVERY_MS) * SETTLEMENT_EVERY_MS;
    const nextAtMs = settlementAtMs + SETTLEMENT_EVERY_MS;
    const before = this.#parting(base, settlementAtMs);
    const ahead = this.#parting(base, nextAtMs);
    return {
      fundingRate: QUIET_RATE + share(before, venueId, atMs) + share(ahead, venueId, atMs),
      fundingAtMs: toMs(nextAtMs),
      fundingIntervalMs: toMs(SETTLEMENT_EVERY_MS),
    };
  }

  #parting(base: string, settlementAtMs: number): Parting | undefined {
    const name = `${base}/${settlementAtMs}`;
    if (this.#partings.has(name)) return this.#partings.get(name);
    if (this.#partings.size > 100) this.#partings.clear();
    const drawn = draw(
      seededRandom(`funding/${this.#seed}/${name}`),
      this.#venueIds,
      settlementAtMs,
    );
    this.#partings.set(name, drawn);
    return drawn;
  }
}

function draw(
  random: SeededRandom,
  venueIds: readonly string[],
  settlementAtMs: number,
): Parting | undefined {
  const isQuiet = random.next() >= PART_CHANCE;
  const richAt = random.below(venueIds.length);
  const poorAt = (richAt + 1 + random.below(venueIds.length - 1)) % venueIds.length;
  const sign = random.next() < 0.6 ? 1 : -1;
  const bps = Math.round(random.between(PART_BPS.low, PART_BPS.high));
  const leadMs = random.between(15_000, 100_000);
  // Some turn against us in the last second: the exit then meets the settlement.
  const turnMs = random.next() < 0.25 ? -random.between(0, 1_500) : random.between(500, 15_000);
  const [rich, poor] = [venueIds[richAt], venueIds[poorAt]];
  if (isQuiet || rich === undefined || poor === undefined) return undefined;
  return {
    rich,
    poor,
    rate: (sign * bps) / 10_000,
    fromAtMs: settlementAtMs - leadMs,
    toAtMs: settlementAtMs + turnMs,
  };
}

function share(parting: Parting | undefined, venueId: string, atMs: number): number {
  if (parting === undefined || atMs < parting.fromAtMs || atMs >= parting.toAtMs) return 0;
  if (venueId === parting.rich) return parting.rate;
  return venueId === parting.poor ? -parting.rate / 10 : 0;
}
