// The verbs and flags of `node main`. Verbs are loaded when they are used, so that help and errors
// come at once.
import { Command } from 'commander';

import { closest } from '../config/near-key.ts';
import { addAuditVerbs, withReadFlags } from './audit-commands.ts';
import type { ShowFlags } from './verbs/config-verb.ts';
import { addEngineVerbs } from './engine-commands.ts';
import { Failure } from './exit-code.ts';
import type { ExitName } from './exit-code.ts';
import type { ExportFlags } from './verbs/export-verb.ts';

import type { LogsFlags } from './verbs/logs-verb.ts';
import type { ReadFlags } from './read-flags.ts';
import type { RunFlags } from './run-flags.ts';
import type { SandboxFlags } from './verbs/sandbox-verb.ts';
import { addSimulate } from './simulate-command.ts';
import type { TradeFlags } from './verbs/trades-verb.ts';
import { VERSION } from './version.ts';

const RUN_EXAMPLES = `
Examples:
  node main --paper                                   generated market, no key, no network
  node main --paper --feed live                       real prices, orders filled on paper
  node main --seed 7 --exit-after 100s --json         one run, its result as one line of JSON
  node main --clock virtual --exit-after 86400s       a day in seconds
  node main replay                                    the latest run again: must be identical
  node main trade t1                                  everything about one trade
`;

const SANDBOX_EXAMPLES = `
Examples:
  node main sandbox --seed 7 --json
  node main sandbox --exchange --ledger exchange --port 7301
`;

/** `done` hears how a verb ended. */
export function createProgram(done: (exit: ExitName) => void): Command {
  const program = new Command('node main')
    .description('Trinity: a deterministic arbitrage engine. Without a verb it runs, on paper.')
    .version(VERSION)
    .showSuggestionAfterError()
    .exitOverride()
    .enablePositionalOptions()
    .addHelpText('after', RUN_EXAMPLES);
  withConfigFlags(program)
    .option('--paper', 'fill orders on the exchange of our own (the only mode so far)')
    .option('--exit-after <duration>', "end after this much of the run's own time: 100s, 1h")
    .option('--new-run', 'start another run although the last one was not finished')
    .option('--json', 'only JSON on stdout, the result as its last line')
    .option('--color', 'colours even when piped')
    .option('--no-color', 'no colours')
    .action(async (flags: RunFlags, command: Command) => {
      const [unknown] = command.args;
      if (unknown !== undefined) throw unknownVerb(unknown, program);
      done(await (await import('./verbs/run-verb.ts')).runPaper(flags));
    });
  addReaders(program, done);
  addAuditVerbs(program, done);
  addExport(program, done);
  addLogs(program, done);
  addEngineVerbs(program, done);
  addDatabaseVerbs(program, done);
  addConfigVerbs(program, done);
  addSimulate(program, done);
  addSandbox(program, done);
  // A word that is no verb comes to the run, which knows the near ones. Said last, because verbs
  // would inherit it.
  program.allowExcessArguments();
  return program;
}

const withConfigFlags = (command: Command): Command =>
  command
    .option('--feed <source>', 'sandbox, live, or auto: live when a venue answers within 5 s')
    .option('--seed <n>', 'decides everything random in sandbox and virtual time')
    .option('--clock <kind>', 'real, or virtual: no sockets, as fast as the machine can')
    .option('--strategies <list>', 'only these: funding-carry')
    .option('--exchange <address>', 'orders and prices of an exchange process: 127.0.0.1:7301')
    .option('--data <folder>', 'where runs and locks are kept')
    .option('--config <file>', 'instead of config.yaml');

function addReaders(program: Command, done: (exit: ExitName) => void): void {
  withReadFlags(program.command('runs'))
    .description('the runs of the data folder, newest first: how they ended, what they earned')
    .addHelpText('after', '\nExample:\n  node main runs')
    .action(async (flags: ReadFlags) => {
      done(await (await import('./verbs/runs-verb.ts')).listAllRuns(flags));
    });
  withReadFlags(program.command('replay'))
    .description('run a recorded run again and compare every transition, effect and hash')
    .argument('[run]', 'its folder or id; the latest when left out')
    .addHelpText('after', '\nExample:\n  node main replay data/runs/20260101T075915Z-seed7 --json')
    .action(async (run: string | undefined, flags: ReadFlags) => {
      done((await import('./verbs/replay-verb.ts')).replayRun(run, flags));
    });
  withReadFlags(program.command('trades'))
    .description('the trades of a run, one line each')
    .argument('[run]', 'its folder or id; the latest when left out')
    .addHelpText('after', '\nExample:\n  node main trades --json')
    .action(async (run: string | undefined, flags: ReadFlags) => {
      done((await import('./verbs/trades-verb.ts')).listTrades(run, flags));
    });
  withReadFlags(program.command('opps'))
    .description('what was found: taken, or refused by which gate and by how much')
    .argument('[run]', 'its folder or id; the latest when left out')
    .addHelpText('after', '\nExample:\n  node main opps')
    .action(async (run: string | undefined, flags: ReadFlags) => {
      done((await import('./verbs/opps-verb.ts')).listOpportunities(run, flags));
    });
  withReadFlags(program.command('trade'))
    .description('one trade whole: transitions, orders, fills, fees, funding, profit')
    .argument('<id>', 't1, t2, …')
    .option('--run <run>', 'folder or id of the run; the latest when left out')
    .addHelpText('after', '\nExample:\n  node main trade t1')
    .action(async (id: string, flags: TradeFlags) => {
      done((await import('./verbs/trades-verb.ts')).showTrade(id, flags));
    });
}

function addExport(program: Command, done: (exit: ExitName) => void): void {
  program
    .command('export')
    .description('rows of a run for other programs, out of its journal')
    .argument('<what>', 'transitions, trades, fills, ledger or equity')
    .argument('[run]', 'its folder or id; the latest when left out')
    .option('--format <format>', 'jsonl, csv or parquet', 'jsonl')
    .option('--since <when>', 'only what came later: an ISO instant, or 1h before the last record')
    .option('--out <file>', 'a new file instead of stdout; parquet needs one')
    .option('--data <folder>', 'where the runs are')
    .option('--config <file>', 'instead of config.yaml')
    .addHelpText('after', '\nExample:\n  node main export fills --format csv --out fills.csv')
    .action(async (what: string, run: string | undefined, flags: ExportFlags) => {
      done(await (await import('./verbs/export-verb.ts')).exportRun(what, run, flags));
    });
}

function addLogs(program: Command, done: (exit: ExitName) => void): void {
  program
    .command('logs')
    .description("the last lines of the engine's log, readable")
    .option('-n, --lines <count>', 'how many', '50')
    .option('--config <file>', 'instead of config.yaml')
    .option('--json', 'as they stand in the file')
    .addHelpText('after', '\nExample:\n  node main logs --lines 20')
    .action(async (flags: LogsFlags) => {
      done((await import('./verbs/logs-verb.ts')).showLogs(flags));
    });
}

function addDatabaseVerbs(program: Command, done: (exit: ExitName) => void): void {
  const db = program.command('db').description('the database that is filled from the journal');
  withReadFlags(db.command('migrate'))
    .description('give the database the tables of this version')
    .addHelpText('after', '\nExample:\n  node main db migrate')
    .action(async (flags: ReadFlags) => {
      done(await (await import('./verbs/db-verb.ts')).migrateDatabase(flags));
    });
  withReadFlags(db.command('rebuild'))
    .description('drop the tables and fill them from all journals of the data folder')
    .addHelpText('after', '\nExample:\n  node main db rebuild --json')
    .action(async (flags: ReadFlags) => {
      done(await (await import('./verbs/db-verb.ts')).rebuildDatabase(flags));
    });
  withReadFlags(db.command('status'))
    .description('its version, how far each run is stored, and how many rows there are')
    .addHelpText('after', '\nExample:\n  node main db status')
    .action(async (flags: ReadFlags) => {
      done(await (await import('./verbs/db-verb.ts')).databaseStatus(flags));
    });
}

function addConfigVerbs(program: Command, done: (exit: ExitName) => void): void {
  const config = program.command('config').description('look at the configuration');
  withConfigFlags(config.command('show'))
    .description('every value that holds')
    .option('--origin', 'and where it came from')
    .option('--json', 'one line of JSON on stdout')
    .addHelpText('after', '\nExample:\n  node main config show --origin')
    .action(async (flags: ShowFlags) => {
      done((await import('./verbs/config-verb.ts')).showConfig(flags));
    });
  withConfigFlags(config.command('check'))
    .description('parse and check it, start nothing')
    .option('--json', 'one line of JSON on stdout')
    .addHelpText('after', '\nExample:\n  node main config check --config other.yaml')
    .action(async (flags: RunFlags) => {
      done((await import('./verbs/config-verb.ts')).checkConfig(flags));
    });
  config
    .command('schema')
    .description('a JSON Schema of config.yaml, for editors')
    .addHelpText('after', '\nExample:\n  node main config schema > config.schema.json')
    .action(async () => {
      done((await import('./verbs/config-verb.ts')).printSchema());
    });
}

function addSandbox(program: Command, done: (exit: ExitName) => void): void {
  program
    .command('sandbox')
    .description("a generated market behind three venues' public protocols on loopback")
    .option('--seed <n>', 'the same seed, the same market', '7')
    .option(
      '--start-at <when>',
      'its clock: settlement (45 s before one), now, or an instant',
      'now',
    )
    .option('--exchange', 'takes orders too: accounts at all three venues, behind one TCP port')
    .option('--ledger <folder>', 'with --exchange: keeps accounts and requests, over restarts')
    .option('--port <n>', 'with --exchange: its port; any free one when left out')
    .option('--faults <rates>', 'with --exchange: what befalls orders: ack-lost=0.1,partial=0.3')
    .option('--config <file>', 'with --exchange: deposit, margin and latency, as of a paper run')
    .option('--json', 'announce the addresses as one line of JSON')
    .addHelpText('after', SANDBOX_EXAMPLES)
    .action(async (flags: SandboxFlags) => {
      await (await import('./verbs/sandbox-verb.ts')).runSandbox(flags);
      done('success');
    });
}

function unknownVerb(word: string, program: Command): Failure {
  const verbs = program.commands.map((command) => command.name());
  const near = closest(word, verbs);
  const hint = near === undefined ? `verbs are ${verbs.join(', ')}` : `did you mean "${near}"?`;
  return new Failure('usage', `there is no verb "${word}"; ${hint}`);
}
