// What is wrong with a configuration, said so that a person can go to the place and mend it: where,
// which key, what was found, what is allowed. A secret is never quoted.
import { relative } from 'node:path';
import { isSecretName, Secret } from './secret.ts';

export interface Place {
  /** A path, or `environment` or a flag such as `--seed`. */
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
}

export interface ConfigProblem {
  readonly file: string;
  readonly line: number | undefined;
  readonly column: number | undefined;
  /** `engine.cooldownMs`, or the name of a variable or flag that is no key. */
  readonly key: string;
  readonly found: string;
  readonly allowed: string;
}

/** Nothing was started; every problem is named, not only the first. */
export class ConfigError extends Error {
  readonly code = 'config.invalid';
  readonly problems: readonly ConfigProblem[];

  constructor(problems: readonly ConfigProblem[]) {
    super(`configuration refused\n${problems.map(problemText).join('\n')}`);
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

export function toProblem(
  place: Place,
  key: string,
  words: { readonly found: string; readonly allowed: string },
): ConfigProblem {
  return { file: place.file, line: place.line, column: place.column, key, ...words };
}

export const problemText = (problem: ConfigProblem): string =>
  `${placeText(problem)}  ${problem.key}: found ${problem.found}, allowed: ${problem.allowed}`;

/** `config.yaml:12:5`, as editors and terminals open it. */
export const placeText = (place: {
  readonly file: string;
  readonly line?: number | undefined;
  readonly column?: number | undefined;
}): string => [place.file, place.line, place.column].filter((part) => part !== undefined).join(':');

/** A path as people see it: relative when it lies below the working folder. */
export function displayPath(path: string): string {
  const near = relative(process.cwd(), path);
  return near === '' || near.startsWith('..') ? path : near;
}

const FOUND_CHARS_MAX = 60;

export function foundText(key: string, value: unknown): string {
  if (value === undefined || value === null) return 'nothing';
  if (value instanceof Secret || isSecretName(key)) return '***';
  if (typeof value === 'object' && !Array.isArray(value)) return 'a group of keys';
  const text = typeof value === 'number' ? value.toString() : JSON.stringify(value);
  return `${typeof value === 'string' ? 'the text ' : ''}${shortened(text)}`;
}

const shortened = (text: string): string =>
  text.length <= FOUND_CHARS_MAX ? text : `${text.slice(0, FOUND_CHARS_MAX)}…`;
