// Configuration sources written to a throw-away folder, as an operator would have them on disk.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import { ConfigError, loadConfig } from '../../src/config/index.ts';
import type { ConfigProblem, ConfigSources, LoadedConfig } from '../../src/config/index.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

export function written(name: string, text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'trinity-config-'));
  folders.push(folder);
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

export const load = (sources: Partial<ConfigSources>): LoadedConfig =>
  loadConfig({ environment: {}, ...sources });

export function refusal(sources: Partial<ConfigSources>): ConfigError {
  try {
    load(sources);
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error('the configuration was accepted');
}

/** The problems of a config.yaml with this text, as `line:column key: found | allowed`. */
export const yamlRefusal = (text: string): readonly string[] =>
  refusal({ file: written('config.yaml', text) }).problems.map(rung);

const rung = ({ line, column, key, found, allowed }: ConfigProblem): string =>
  `${line ?? '-'}:${column ?? '-'} ${key}: ${found} | ${allowed}`;
