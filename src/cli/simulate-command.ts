// The verb and flags of the simulator.
import type { Command } from 'commander';
import { Option } from 'commander';
import type { ExitName } from './exit-code.ts';
import type { SimulateFlags } from './verbs/simulate-verb.ts';

/** A scenario says all of this itself. */
const BY_SEED = ['seeds', 'faults', 'hours'];

export function addSimulate(program: Command, done: (exit: ExitName) => void): void {
  program
    .command('simulate')
    .description('the whole engine in virtual time under seeded faults, judged by a checker')
    .option('--seeds <list>', 'which: 1-200, or 7,12', '1-200')
    .option('--faults <list>', 'all, none, families (N,V,P,S,O) or kinds by name', 'all')
    .option('--hours <n>', 'virtual time under faults per seed; a healed minute follows', '0.1')
    .option('--threads <n>', 'as many as the machine has cores when left out')
    .addOption(new Option('--scenario <file>', 'run this one instead of seeds').conflicts(BY_SEED))
    .option('--keep <folder>', 'write failing scenarios there, as small as they could be made')
    .option('--no-planted', 'leave out the bugs that are planted to try the checker')
    .option('--json', 'the total as one line of JSON on stdout')
    .option('--color', 'colours even when piped')
    .option('--no-color', 'no colours')
    .addHelpText(
      'after',
      '\nExample:\n  node main simulate --seeds 1-200\n' +
        '  node main simulate --seeds 7 --hours 1 --faults N,kill',
    )
    .action(async (flags: SimulateFlags) => {
      done(await (await import('./verbs/simulate-verb.ts')).runSimulation(flags));
    });
}
