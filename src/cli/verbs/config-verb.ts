// `node main config show|check|schema`: what holds, where each value came from, what editors may
// complete.
import { configJsonSchema } from '../../config/index.ts';
import type { ExitName } from '../exit-code.ts';
import type { RunFlags } from '../run-flags.ts';
import { readConfig } from '../run-flags.ts';

export interface ShowFlags extends RunFlags {
  readonly origin?: boolean;
}

export function showConfig(flags: ShowFlags): ExitName {
  const { origins, hash } = readConfig(flags);
  if (flags.json === true) {
    const withOrigin = flags.origin === true;
    const rows = origins.map(({ key, value, origin }): readonly [string, unknown] => [
      key,
      withOrigin ? { value, origin } : value,
    ]);
    process.stdout.write(`${JSON.stringify({ hash, config: Object.fromEntries(rows) })}\n`);
    return 'success';
  }
  const keyWidth = Math.max(...origins.map(({ key }) => key.length));
  const valueWidth = Math.max(...origins.map(({ value }) => valueText(value).length));
  for (const { key, value, origin } of origins) {
    const text = `${key.padEnd(keyWidth)}  ${valueText(value).padEnd(valueWidth)}`;
    const line = flags.origin === true ? `${text}  ${origin}` : text.trimEnd();
    process.stdout.write(`${line}\n`);
  }
  process.stdout.write(`hash ${hash}\n`);
  return 'success';
}

const valueText = (value: unknown): string =>
  typeof value === 'string' ? value : JSON.stringify(value);

export function checkConfig(flags: RunFlags): ExitName {
  const { hash } = readConfig(flags);
  if (flags.json === true) process.stdout.write(`${JSON.stringify({ valid: true, hash })}\n`);
  else process.stdout.write(`the configuration is valid, hash ${hash}\n`);
  return 'success';
}

export function printSchema(): ExitName {
  process.stdout.write(`${JSON.stringify(configJsonSchema(), undefined, 2)}\n`);
  return 'success';
}
