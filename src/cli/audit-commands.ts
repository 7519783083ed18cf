// The verbs and flags for people who check: is the journal whole, do the accounts add up.
import type { Command } from 'commander';
import type { ExitName } from './exit-code.ts';
import type { ArchiveFlags } from './verbs/archive-verb.ts';
import type { ReadFlags } from './read-flags.ts';
import type { VerifyFlags } from './verbs/verify-verb.ts';

export const withReadFlags = (command: Command): Command =>
  command
    .option('--data <folder>', 'where the runs are')
    .option('--config <file>', 'instead of config.yaml')
    .option('--json', 'one line of JSON on stdout');

export function addAuditVerbs(program: Command, done: (exit: ExitName) => void): void {
  withReadFlags(program.command('verify'))
    .description("check a run's journal offline: checksums, sequence, time, hash chain")
    .argument('[run]', 'its folder or id; the latest when left out')
    .option('--head <head>', 'what `node main head` said of it, or a file of such lines')
    .addHelpText('after', '\nExample:\n  node main verify --head heads.txt')
    .action(async (run: string | undefined, flags: VerifyFlags) => {
      done((await import('./verbs/verify-verb.ts')).verifyRun(run, flags));
    });
  withReadFlags(program.command('head'))
    .description('the last record and its hash in one line, to keep elsewhere and verify against')
    .argument('[run]', 'its folder or id; the latest when left out')
    .addHelpText('after', '\nExample:\n  node main head >> heads.txt')
    .action(async (run: string | undefined, flags: ReadFlags) => {
      done((await import('./verbs/verify-verb.ts')).printHead(run, flags));
    });
  withReadFlags(program.command('archive'))
    .description('compress the journals of runs that are over; remove old ones if so configured')
    .argument('[run]', 'its folder or id; by age or by the configuration when left out')
    .option('--older-than <duration>', 'runs that were last written longer ago: 30d')
    .addHelpText('after', '\nExample:\n  node main archive --older-than 30d')
    .action(async (run: string | undefined, flags: ArchiveFlags) => {
      done((await import('./verbs/archive-verb.ts')).archiveRuns(run, flags));
    });
  withReadFlags(program.command('ledger'))
    .description('balances per venue, account and asset, their sum, and what explains the profit')
    .argument('[run]', 'its folder or id; the latest when left out')
    .addHelpText('after', '\nExample:\n  node main ledger')
    .action(async (run: string | undefined, flags: ReadFlags) => {
      done((await import('./verbs/ledger-verb.ts')).showLedger(run, flags));
    });
}
