// `node main simulate`: seeds by the thousand against the whole engine in virtual time, each with
// faults of its own, judged by a checker that shares no code with the engine.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';

import { faultWords, selectFaults } from '../../simulation/fault-kind.ts';
import { parseScenario, scenarioText } from '../../simulation/scenario-codec.ts';
import { swarmScenario } from '../../simulation/scenario.ts';
import type { Scenario } from '../../simulation/scenario.ts';
import { PLANTED } from '../../simulation/planted/planted.ts';
import { swarm } from '../../simulation/swarm.ts';
import type { Failing } from '../../simulation/swarm.ts';
import { SwarmCount } from '../../simulation/swarm-total.ts';
import type { PlantedCatch } from '../../simulation/swarm-work.ts';
import { Failure } from '../exit-code.ts';
import type { ExitName } from '../exit-code.ts';
import { openScreen } from '../screen.ts';
import { failingText, progressLine, progressPanel, totalText } from './simulate-text.ts';

export interface SimulateFlags {
  readonly seeds: string;
  readonly faults: string;
  readonly hours: string;
  readonly threads?: string;
  readonly scenario?: string;
  readonly keep?: string;
  readonly planted: boolean;
  readonly json?: boolean;
  readonly color?: boolean;
}

const PAINT_EVERY_MS = 250;
/** Without a terminal, a line now and then. */
const SAY_EVERY_MS = 10_000;
const SHRUNK_MAX = 3;

export async function runSimulation(flags: SimulateFlags): Promise<ExitName> {
  const scenarios = scenariosOf(flags);
  const threads =
    flags.threads === undefined ? availableParallelism() : parseThreads(flags.threads);
  const isPlanting = flags.planted && flags.faults === 'all' && flags.scenario === undefined;
  const screen = openScreen({ json: flags.json === true, colour: flags.color });
  const count = new SwarmCount();
  const caught: PlantedCatch[] = [];
  const progress = () => ({ ...count.total(), of: scenarios.length });
  const painting = setInterval(() => screen.paint(progressPanel(progress())), PAINT_EVERY_MS);
  const saying = setInterval(() => {
    if (!process.stdout.isTTY) screen.say(progressLine(progress()));
  }, SAY_EVERY_MS);
  await swarm({
    ...{ scenarios, threads, shrunkMax: SHRUNK_MAX },
    onResult: (result) => count.add(result),
    onFailing: (failing) => {
      screen.say(failingText(failing));
      if (flags.keep !== undefined) keep(flags.keep, failing);
    },
    ...(isPlanting && { onPlanted: (planted: PlantedCatch) => caught.push(planted) }),
  });
  clearInterval(painting);
  clearInterval(saying);
  screen.end();
  const planted = isPlanting ? { plantedCaught: caughtCount(caught), planted: PLANTED.length } : {};
  const total = { ...count.total(), ...planted };
  const missed = caught.filter(({ isCaught }) => !isCaught).map(({ name }) => name);
  if (missed.length > 0) screen.say(`planted and not caught: ${missed.join(', ')}`);
  if (flags.json === true) process.stdout.write(`${JSON.stringify(total)}\n`);
  else screen.say(totalText(total));
  return total.violations === 0 && missed.length === 0 ? 'success' : 'violated';
}

const caughtCount = (caught: readonly PlantedCatch[]): number =>
  caught.filter(({ isCaught }) => isCaught).length;

function scenariosOf(flags: SimulateFlags): readonly Scenario[] {
  if (flags.scenario !== undefined) return [readScenario(flags.scenario)];
  const durationMs = parseHours(flags.hours);
  const selected = selectFaults(flags.faults.split(','));
  if ('unknown' in selected) {
    const words = faultWords.join(', ');
    throw new Failure('usage', `--faults knows no "${selected.unknown}"; it knows ${words}`);
  }
  return parseSeeds(flags.seeds).map((seed) =>
    swarmScenario({ seed, durationMs, kinds: selected.kinds }),
  );
}

function readScenario(file: string): Scenario {
  if (!existsSync(file)) throw new Failure('usage', `--scenario ${file}: there is no such file`);
  try {
    return parseScenario(readFileSync(file, 'utf8'));
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    throw new Failure('usage', `--scenario ${file} is not a scenario: ${cause}`);
  }
}

const SEEDS_MAX = 1_000_000;

/** `7`, `1-200`, `1-10,77`. */
function parseSeeds(text: string): readonly number[] {
  const seeds = text.split(',').flatMap((part) => {
    const [first, last = first] = part.split('-').map(Number);
    const isGood = /^\d+(-\d+)?$/.test(part) && first !== undefined && last !== undefined;
    if (!isGood || last < first || last > 4_294_967_295 || last - first >= SEEDS_MAX) {
      const allowed = 'whole numbers or ranges of up to a million, like 1-200 or 7,12';
      throw new Failure('usage', `--seeds takes ${allowed}, found "${text}"`);
    }
    return Array.from({ length: last - first + 1 }, (_, at) => first + at);
  });
  return [...new Set(seeds)];
}

function parseHours(text: string): number {
  const hours = Number(text);
  if (/^\d+(\.\d+)?$/.test(text) && hours >= 0.01 && hours <= 24) {
    return Math.round(hours * 3_600_000);
  }
  throw new Failure('usage', `--hours is a number from 0.01 to 24, found "${text}"`);
}

function parseThreads(text: string): number {
  const threads = Number(text);
  if (/^\d+$/.test(text) && threads >= 1 && threads <= 256) return threads;
  throw new Failure('usage', `--threads is a whole number from 1 to 256, found "${text}"`);
}

function keep(folder: string, { result, shrunk }: Failing): void {
  const { scenario, violations } = shrunk ?? result;
  const [first] = violations;
  const story = first === undefined ? '' : `${first.invariant}: ${first.text}`;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `seed-${scenario.seed}.json`), scenarioText(scenario, story));
}
