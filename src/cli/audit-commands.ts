// The verbs and flags for people who check: is the journal whole, do the accounts add up.
import type { Command } from 'commander';
import type { ExitName } from './exit-code.ts';
import type { ReadFlags } from './read-flags.ts';

export const withReadFlags = (command: Command): Command =>
  command
    .option('--data <folder>', 'where the runs are')
    .option('--config <file>', 'instead of config.yaml')
    .option('--json', 'one line of JSON on stdout');

export function addAuditVerbs(program: Command, done: (exit: ExitName) => void): void {
  withReadFlags(program.command('verify'))
    .description("check a run's journal offline: checksums, sequence, time, hash chain")
    .argument('[run]', 'its folder or id; the latest when left out')
    .addHelpText('after', '\nExample:\n  node main verify')
    .action(async (run: string | undefined, flags: ReadFlags) => {
      done((await import('./verify-verb.ts')).verifyRun(run, flags));
    });
  withReadFlags(program.command('ledger'))
    .description('balances per venue, account and asset, their sum, and what explains the profit')
    .argument('[run]', 'its folder or id; the latest when left out')
    .addHelpText('after', '\nExample:\n  node main ledger')
    .action(async (run: string | undefined, flags: ReadFlags) => {
      done((await import('./ledger-verb.ts')).showLedger(run, flags));
    });
}
