// Scenarios as files: what a person may write and a failing run leaves behind. Data from outside is
// parsed before anything else sees it.
import { z } from 'zod';
import { isFaultKind } from './fault-kind.ts';
import type { Scenario } from './scenario.ts';

const scenarioSchema = z.strictObject({
  /** For people: what it showed. */
  story: z.string().optional(),
  seed: z.number().int().min(0).max(4_294_967_295),
  durationMs: z.number().int().min(1_000).max(86_400_000),
  faults: z.record(z.string().refine(isFaultKind), z.number().min(0).max(1)),
});

/** Throws with the places that are wrong. */
export function parseScenario(text: string): Scenario {
  const { seed, durationMs, faults } = scenarioSchema.parse(JSON.parse(text));
  return { seed, durationMs, faults };
}

export const scenarioText = (scenario: Scenario, story: string): string =>
  `${JSON.stringify({ story, ...scenario }, undefined, 2)}\n`;
