// `node main [--paper]`: runs the engine on paper until it is told to stop, in real or in virtual
// time.
import { setImmediate } from 'node:timers/promises';

import type { LoadedConfig } from '../../config/index.ts';
import type { Ms } from '../../domain/index.ts';
import { toMs } from '../../domain/index.ts';
import { FileJournal, lockData, openDataFolder, SyncJournal } from '../../journal/index.ts';
import { clockText } from '../../operator/clock-text.ts';
import type { Log } from '../../operator/log.ts';
import { createLog } from '../../operator/log.ts';
import type { Deployment } from '../deployment.ts';
import { joinDeployment } from '../deployment.ts';
import { parseDuration } from '../duration.ts';
import { EXIT_CODES, Failure } from '../exit-code.ts';
import type { ExitName } from '../exit-code.ts';
import type { Prices } from '../feed-choice.ts';
import { realPrices, virtualPrices } from '../feed-choice.ts';
import { PaperSession } from '../paper-session.ts';
import type { RunFlags } from '../run-flags.ts';
import { readConfig } from '../run-flags.ts';
import { resumableRun, resumedText } from '../resumable-run.ts';
import { openScreen } from '../screen.ts';
import type { Screen } from '../screen.ts';
import { hearSignals } from '../signals.ts';
import type { Signals } from '../signals.ts';
import { summaryText } from '../summary-text.ts';
import { VERSION } from '../version.ts';

const PAINT_EVERY_MS = 250;
const SHOW_EVERY_MS = 1_000;
const TIME_UP = 'the time of --exit-after is over';
/** A virtual run that is given no end. */
const VIRTUAL_RUN_MS = toMs(86_400_000);
/** Virtual time between two looks at signals. */
const VIRTUAL_STRIDE_MS = 30_000;

interface RunContext {
  readonly loaded: LoadedConfig;
  readonly exitAfterMs: Ms | undefined;
  readonly screen: Screen;
  readonly log: Log;
  readonly json: boolean;
  readonly newRun: boolean;
  readonly signals: Signals;
}

export async function runPaper(flags: RunFlags): Promise<ExitName> {
  const exitAfterMs =
    flags.exitAfter === undefined ? undefined : parseDuration(flags.exitAfter, '--exit-after');
  const loaded = readConfig(flags);
  const { config } = loaded;
  const json = flags.json === true;
  openDataFolder(config.run.dataFolder);
  const lock = lockData(config.run.dataFolder);
  const screen = openScreen({ json, colour: flags.color });
  const log = createLog({ level: config.log.level, folder: config.log.folder });
  const signals = hearSignals();
  try {
    if (lock.takenOverFrom !== undefined) {
      screen.say(`took over the data folder from process ${lock.takenOverFrom.pid}, which is gone`);
    }
    const newRun = flags.newRun === true;
    const context = { loaded, exitAfterMs, screen, log, json, newRun, signals };
    return await (config.run.clock === 'virtual' ? runVirtual(context) : runReal(context));
  } finally {
    signals.close();
    screen.end();
    log.close();
    lock.release();
  }
}

async function runReal(context: RunContext): Promise<ExitName> {
  const { loaded, screen } = context;
  const { config, hash } = loaded;
  screen.say(`TRINITY ${VERSION}  PAPER  seed ${config.run.seed}  config ${hash.slice(0, 8)}`);
  const { dataFolder, exchange } = config.run;
  const deployment = await joinDeployment(loaded, (text) => screen.say(text));
  try {
    const prices = await realPrices(config, (identity) =>
      context.newRun ? undefined : resumableRun(dataFolder, { ...identity, exchange }),
    );
    try {
      return await runOn({ prices, deployment }, context);
    } finally {
      await prices.sandbox?.stop();
    }
  } finally {
    await deployment.close();
  }
}

interface Surroundings {
  readonly prices: Prices;
  readonly deployment: Deployment;
}

async function runOn({ prices, deployment }: Surroundings, context: RunContext): Promise<ExitName> {
  const { loaded, screen, log, exitAfterMs } = context;
  const { config, hash } = loaded;
  sayWhere(prices, context);
  const { feed, clock, feeds, sandbox, resumable } = prices;
  const session = new PaperSession({
    ...{ config, configHash: hash, screen, log, feed, clock, feeds, resumable, deployment },
    openJournal: (folder, lastSeq) =>
      new FileJournal(folder, lastSeq === undefined ? {} : { lastSeq }),
  });
  const timeUp =
    exitAfterMs &&
    clock.schedule(toMs(clock.nowMs() + exitAfterMs), () => session.askToStop(TIME_UP));
  sandbox?.onLost((how) => {
    const reason = `the sandbox (pid ${sandbox.pid}) ended ${how}: there are no prices any more`;
    session.finish(reason, 'venue');
    session.askToStop(reason);
  });
  context.signals.onFirst((name) => {
    const what = config.run.onStop === 'keep' ? 'leaving open trades' : 'bringing open trades home';
    screen.say(`${name}: ${what} (again: stop at once)`);
    session.askToStop(name);
  });
  const painting = setInterval(() => session.paint(), PAINT_EVERY_MS);
  const showing = setInterval(() => session.show(), SHOW_EVERY_MS);
  const end = await session.ended;
  timeUp?.cancel();
  clearInterval(painting);
  clearInterval(showing);
  session.paint();
  session.show();
  return report(context, session, end);
}

function sayWhere(
  { feed, sandbox, remark, resumable, aheadMs, held }: Prices,
  { loaded: { config }, screen }: RunContext,
): void {
  const { exchange, dataFolder } = config.run;
  if (remark !== undefined) screen.say(`!! ${remark}: this run uses the SANDBOX instead`);
  if (feed === 'live') screen.say('live prices; orders are filled on paper, no key is used');
  else if (exchange !== 'own') {
    screen.say(`orders and prices at the exchange process ${exchange}: a generated market`);
  } else {
    const pid = sandbox === undefined ? '' : ` (pid ${sandbox.pid})`;
    screen.say(
      `SANDBOX${pid}: a generated market, no real prices, with two scripted mishaps ` +
        `(real ones: --feed live)`,
    );
  }
  if (held !== undefined) screen.say(held.text);
  if (held?.strangeText !== undefined && resumable === undefined) {
    screen.say(`!! ${held.strangeText}`);
  }
  screen.say(`data folder ${dataFolder}  Ctrl-C ends it with a summary`);
  if (resumable !== undefined) screen.say(resumedText(resumable));
  if (aheadMs > config.engine.clockOffsetMsMax) {
    screen.say(
      `!! the clock here is ${clockText(aheadMs)} behind the last record of this run, which ` +
        'keeps its own time: what is open leaves as planned, nothing is opened; stop it when ' +
        'it is flat, and the next start takes the time from here',
    );
  }
}

async function runVirtual(context: RunContext): Promise<ExitName> {
  if (context.loaded.config.run.feed === 'live') {
    const way = 'leave out --clock virtual, or take --feed sandbox';
    throw new Failure('usage', `virtual time has no live prices; ${way}`);
  }
  const { loaded, screen, log } = context;
  const { config, hash } = loaded;
  const { clock, feeds } = virtualPrices(config);
  const runMs = context.exitAfterMs ?? VIRTUAL_RUN_MS;
  screen.say(
    `TRINITY ${VERSION}  PAPER  SANDBOX seed ${config.run.seed}  virtual time, ` +
      `${runMs / 1000} s, no sockets`,
  );
  const session = new PaperSession({
    ...{ config, configHash: hash, screen, log, feed: 'sandbox' as const, clock, feeds },
    resumable: undefined,
    openJournal: (folder) => new SyncJournal(folder),
  });
  const endAtMs = session.startedAtMs + runMs;
  clock.schedule(toMs(endAtMs), () => session.askToStop(TIME_UP));
  context.signals.onFirst((name) => session.askToStop(name));
  const lastAtMs = endAtMs + 3 * config.engine.shutdownGraceMs;
  while (!session.hasEnded && clock.nowMs() < lastAtMs) {
    const untilAtMs = toMs(Math.min(clock.nowMs() + VIRTUAL_STRIDE_MS, lastAtMs));
    if (!clock.runUntil(() => session.hasEnded, untilAtMs)) clock.advanceTo(untilAtMs);
    await setImmediate();
  }
  session.finish('the engine did not stop in its grace', 'exposed');
  return report(context, session, await session.ended);
}

async function report(
  { json, screen, signals }: RunContext,
  session: PaperSession,
  end: Awaited<PaperSession['ended']>,
): Promise<ExitName> {
  signals.ended();
  const { result, exit } = await session.close(end);
  screen.end();
  if (exit !== 'success') {
    process.stderr.write(`${end.reason} (exit code ${EXIT_CODES[exit].code})\n`);
  }
  if (session.leftText !== undefined) process.stderr.write(`${session.leftText}\n`);
  if (json) process.stdout.write(`${JSON.stringify(result)}\n`);
  else screen.say(summaryText(result));
  return exit;
}
