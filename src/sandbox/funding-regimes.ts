// When funding rates of one base part between two venues, and when they come together again: an
// opening act of about a hundred seconds around the first settlement, then regimes before
// settlements for ever. A rate is a pure function of seed, instrument and instant; nothing here
// remembers.
import { seededRandom } from '../domain/index.ts';
import type { Ms, SeededRandom } from '../domain/index.ts';
import { SANDBOX_BASES, WORLD_INSTRUMENTS } from './world-instrument.ts';
import type { SandboxBase, SandboxVenue, WorldInstrument } from './world-instrument.ts';

/**
 * Rates of two venues part at `openAtMs` and come together, or swap signs for a while, at
 * `turnAtMs`.
 */
export interface FundingRegime {
  readonly base: SandboxBase;
  readonly rich: SandboxVenue;
  readonly poor: SandboxVenue;
  /** Bps per interval added to each venue's quiet rate. */
  readonly richBps: number;
  readonly poorBps: number;
  readonly openAtMs: number;
  readonly turnAtMs: number;
  /** How long opening, turning and fading take. */
  readonly rampMs: number;
  /** What remains between turn and fade, as a fraction: 0 or a little of the opposite sign. */
  readonly remainder: number;
  readonly fadeAtMs: number;
}

const SECOND_MS = 1000;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** Regimes tied to settlements stay out of the opening act. */
const OPENING_ACT_MS = 2 * MINUTE_MS;
const REGIME_CHANCE = 0.8;
const QUIET_SWING_BPS = 0.6;

export class FundingRegimes {
  readonly opening: readonly FundingRegime[];
  readonly #seed: string;
  readonly #startAtMs: number;
  readonly #quiet: readonly { levelBps: number; periodMs: number; phaseMs: number }[];
  /** The two newest settlements' regimes of each base, as they are asked for again and again. */
  readonly #recent = new Map<SandboxBase, Map<number, FundingRegime | undefined>>();

  constructor(seed: string, startAtMs: Ms) {
    this.#seed = seed;
    this.#startAtMs = startAtMs;
    this.opening = openingAct(seededRandom(`${seed}/opening`), startAtMs);
    const random = seededRandom(`${seed}/quiet`);
    this.#quiet = WORLD_INSTRUMENTS.map(() => ({
      levelBps: random.between(0.3, 0.9),
      periodMs: random.between(20, 60) * MINUTE_MS,
      phaseMs: random.between(0, 60) * MINUTE_MS,
    }));
  }

  /**
   * The venue's estimate at this instant: a fraction per interval, a whole number of millionths.
   */
  rateAt(instrument: WorldInstrument, atMs: number): number {
    let bps = this.#quietBps(instrument, atMs);
    for (const regime of this.opening) bps += shareBps(regime, instrument, atMs);
    const intervalMs = regimeIntervalMs(instrument.base);
    const before = Math.floor(atMs / intervalMs) * intervalMs;
    for (const settlementAtMs of [before, before + intervalMs]) {
      const regime = this.#regimeOf(instrument.base, settlementAtMs);
      if (regime !== undefined) bps += shareBps(regime, instrument, atMs);
    }
    // Adding 0 turns a negative zero into zero.
    return Math.round(bps * 100) / 1_000_000 + 0;
  }

  /** A slow triangle wave: quiet rates of two venues stay within 2 bps of each other. */
  #quietBps(instrument: WorldInstrument, atMs: number): number {
    const quiet = this.#quiet[instrument.ordinal];
    if (quiet === undefined) throw new RangeError(`no instrument ${instrument.ordinal} here`);
    const turn = ((atMs + quiet.phaseMs) / quiet.periodMs) % 1;
    return quiet.levelBps + QUIET_SWING_BPS * (4 * Math.abs(turn - 0.5) - 1);
  }

  #regimeOf(base: SandboxBase, settlementAtMs: number): FundingRegime | undefined {
    const known = this.#recent.get(base) ?? new Map<number, FundingRegime | undefined>();
    this.#recent.set(base, known);
    if (known.has(settlementAtMs)) return known.get(settlementAtMs);
    if (known.size > 4) known.clear();
    const random = seededRandom(`${this.#seed}/regime/${base}/${settlementAtMs}`);
    const regime = settlementRegime(random, base, settlementAtMs);
    const isAllowed = regime.openAtMs >= this.#startAtMs + OPENING_ACT_MS;
    const drawn = random.next() < REGIME_CHANCE && isAllowed ? regime : undefined;
    known.set(settlementAtMs, drawn);
    return drawn;
  }
}

/** The interval that at least two venues share for this base: regimes live on those. */
export function regimeIntervalMs(base: SandboxBase): number {
  const shared = SHARED_INTERVALS_MS.get(base);
  if (shared === undefined) throw new RangeError(`no two venues share an interval for ${base}`);
  return shared;
}

const SHARED_INTERVALS_MS: ReadonlyMap<SandboxBase, number> = new Map(
  SANDBOX_BASES.flatMap((base) => {
    const all = WORLD_INSTRUMENTS.filter((instrument) => instrument.base === base);
    const intervals = all.map((instrument) => instrument.fundingIntervalMs);
    const shared = intervals.find((ms, place) => intervals.indexOf(ms) !== place);
    return shared === undefined ? [] : [[base, shared] as const];
  }),
);

/** What a regime adds to one instrument's rate at an instant. */
function shareBps(regime: FundingRegime, instrument: WorldInstrument, atMs: number): number {
  if (regime.base !== instrument.base || atMs < regime.openAtMs) return 0;
  const bps = instrument.venue === regime.rich ? regime.richBps : 0;
  const amount = instrument.venue === regime.poor ? regime.poorBps : bps;
  if (amount === 0) return 0;
  const { rampMs, remainder } = regime;
  if (atMs < regime.turnAtMs) return amount * ease((atMs - regime.openAtMs) / rampMs);
  const turned = ease((atMs - regime.turnAtMs) / rampMs);
  const faded = ease((atMs - regime.fadeAtMs) / rampMs);
  return amount * (1 - turned + remainder * (turned - faded));
}

/** 0 before, 1 after, smooth between. */
function ease(progress: number): number {
  const part = Math.min(1, Math.max(0, progress));
  return part * part * (3 - 2 * part);
}

/** Two venues and how far apart they go; the rich one settles at the base's shared interval. */
function parting(random: SeededRandom, base: SandboxBase) {
  const intervalMs = regimeIntervalMs(base);
  const all = WORLD_INSTRUMENTS.filter((instrument) => instrument.base === base);
  const sharing = all.filter((instrument) => instrument.fundingIntervalMs === intervalMs);
  const rich = pick(random, sharing).venue;
  const others = sharing.filter((instrument) => instrument.venue !== rich);
  const poor = pick(random, others).venue;
  const sign = random.next() < 0.6 ? 1 : -1;
  return {
    base,
    rich,
    poor,
    richBps: sign * random.between(42, 60),
    poorBps: sign * random.between(-5, 1),
    remainder: random.next() < 0.5 ? 0 : -random.between(0.15, 0.3),
  };
}

/**
 * Three or four bases part before the settlement at +45 s; the rest, and one of those, after it.
 */
function openingAct(random: SeededRandom, startAtMs: number): readonly FundingRegime[] {
  const bases = shuffled(random, SANDBOX_BASES);
  const firstCount = 3 + random.below(2);
  const first = bases.slice(0, firstCount).map((base, place): FundingRegime => {
    const openAtMs = startAtMs + (2 + (place * 18) / firstCount) * SECOND_MS;
    const turnAtMs = startAtMs + random.between(50, 57) * SECOND_MS;
    return {
      ...parting(random, base),
      openAtMs: openAtMs + random.between(0, 2) * SECOND_MS,
      turnAtMs,
      rampMs: 1200,
      fadeAtMs: turnAtMs + 5 * SECOND_MS,
    };
  });
  const second = bases.slice(firstCount - 1).map((base): FundingRegime => {
    const turnAtMs = startAtMs + random.between(85, 92) * SECOND_MS;
    return {
      ...parting(random, base),
      openAtMs: startAtMs + random.between(62, 75) * SECOND_MS,
      turnAtMs,
      rampMs: 1200,
      fadeAtMs: turnAtMs + 5 * SECOND_MS,
    };
  });
  return [...first, ...second];
}

function settlementRegime(
  random: SeededRandom,
  base: SandboxBase,
  settlementAtMs: number,
): FundingRegime {
  const isHourly = regimeIntervalMs(base) === HOUR_MS;
  const leadMs = (isHourly ? random.between(6, 25) : random.between(20, 90)) * MINUTE_MS;
  const turnAtMs = settlementAtMs + random.between(30, 240) * SECOND_MS;
  return {
    ...parting(random, base),
    openAtMs: settlementAtMs - leadMs,
    turnAtMs,
    rampMs: 20 * SECOND_MS,
    fadeAtMs: turnAtMs + MINUTE_MS,
  };
}

function pick<T>(random: SeededRandom, from: readonly T[]): T {
  const chosen = from[random.below(from.length)];
  if (chosen === undefined) throw new RangeError('cannot pick from an empty list');
  return chosen;
}

/** Drawn without replacement. */
function shuffled<T>(random: SeededRandom, items: readonly T[]): readonly T[] {
  const left = [...items];
  const drawn: T[] = [];
  while (left.length > 0) drawn.push(...left.splice(random.below(left.length), 1));
  return drawn;
}
