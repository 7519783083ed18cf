// The verbs and flags for whoever speaks to a running engine.
import type { Command } from 'commander';
import { withReadFlags } from './audit-commands.ts';
import type { ExitName } from './exit-code.ts';
import type { ReadFlags } from './read-flags.ts';
import type { OperatorFlags, OperatorWord } from './verbs/operator-verb.ts';

const COMMANDS: Readonly<Record<OperatorWord, string>> = {
  halt: 'open nothing new; what is open is managed',
  resume: 'open again after a halt, a kill or a crash loop',
  kill: 'flatten everything now and open nothing until it is resumed',
  stop: 'end the run as Ctrl-C does',
};
const WITH_REASON: readonly string[] = ['halt', 'kill', 'stop'];

export function addEngineVerbs(program: Command, done: (exit: ExitName) => void): void {
  withReadFlags(program.command('status'))
    .description('what the running engine is doing, or how the last run ended (then code 2)')
    .addHelpText('after', '\nExample:\n  node main status')
    .action(async (flags: ReadFlags) => {
      done(await (await import('./verbs/status-verb.ts')).showStatus(flags));
    });
  add(program, 'halt', done);
  add(program, 'resume', done);
  add(program, 'kill', done);
  add(program, 'stop', done);
}

function add(program: Command, word: OperatorWord, done: (exit: ExitName) => void): void {
  const command = withReadFlags(program.command(word))
    .description(`tell the running engine: ${COMMANDS[word]}`)
    .addHelpText('after', `\nExample:\n  node main ${word}`)
    .action(async (flags: OperatorFlags) => {
      done(await (await import('./verbs/operator-verb.ts')).commandEngine(word, flags));
    });
  if (WITH_REASON.includes(word)) {
    command.option('--reason <text>', 'kept with the command in the journal');
  }
}
