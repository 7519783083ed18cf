// `node main status`: what the engine that runs on a data folder is doing, as it says itself; or
// that none runs there, and how the last run ended.
import { ControlError, statusSchema } from '../../control/index.ts';
import type { EngineStatus } from '../../control/index.ts';
import { listRuns } from '../../journal/index.ts';
import { Failure } from '../exit-code.ts';
import type { ExitName } from '../exit-code.ts';
import type { ReadFlags } from '../read-flags.ts';
import { dataFolderOf } from '../read-flags.ts';
import { endText, overviews } from '../run-overview.ts';
import type { RunOverview } from '../run-overview.ts';
import { askRunning } from '../running-engine.ts';
import { statusText } from './status-text.ts';

export async function showStatus(flags: ReadFlags): Promise<ExitName> {
  const dataPath = dataFolderOf(flags);
  const status = await statusOf(dataPath);
  if (status !== undefined) {
    print(flags, { running: true, ...status }, () => statusText(status));
    return 'success';
  }
  const [lastRun = null] = overviews(listRuns(dataPath).slice(-1));
  print(flags, { running: false, lastRun }, () => absentText(dataPath, lastRun));
  return 'usage';
}

/** Undefined where no engine runs; throws a `Failure` for one that cannot be asked. */
async function statusOf(dataPath: string): Promise<EngineStatus | undefined> {
  try {
    return statusSchema.parse(await askRunning(dataPath, { type: 'engine.status' }));
  } catch (error) {
    const cause = error instanceof Failure ? error.cause : undefined;
    if (cause instanceof ControlError && cause.code === 'control.absent') return undefined;
    throw error;
  }
}

function print({ json }: ReadFlags, value: object, toText: () => string): void {
  process.stdout.write(json === true ? `${JSON.stringify(value)}\n` : toText());
}

function absentText(dataPath: string, lastRun: RunOverview | null): string {
  const head = `no engine runs on ${dataPath}`;
  return lastRun === null
    ? `${head}; it has no runs\n`
    : `${head}\nlast run ${lastRun.runId}: ${endText(lastRun)}\n`;
}
