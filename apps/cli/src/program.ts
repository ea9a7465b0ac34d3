import { createRequire } from 'node:module';
import { Command as Commander, InvalidArgumentError, Option } from 'commander';
import type { Command } from './command.js';
import type { Flag } from './flag.js';
import { flagOf } from './flag-names.js';
import { InvalidValue } from './flag-values.js';

/** Runs a command with its arguments, and last its flags: given by main, which reports errors and sets the exit code. */
export type Runner = (command: Command, given: readonly unknown[]) => Promise<void>;

export function createProgram(commands: readonly Command[], run: Runner): Commander {
  const { version } = createRequire(import.meta.url)('../package.json') as { version: string };
  const program = new Commander('heed')
    .description('Attention models from the terminal: train, run, evaluate and compare them on any backend.')
    .version(version, '--version', 'print the version')
    .helpOption('--help', 'show this help')
    .helpCommand('help [command]', 'show the help of a command')
    .exitOverride()
    .configureOutput({ writeErr: () => {} })
    .addHelpText('after', '\nExample:\n  $ heed run g2p attention\n  $ heed train g2p && heed run runs/g2p attention');
  for (const command of commands) addCommand(program, command, run);
  return program;
}

function addCommand(program: Commander, command: Command, run: Runner): void {
  const { usage, about, flags, notes, examples } = command;
  const added = program.command(usage).description(about);
  for (const [name, flag] of Object.entries(flags)) added.addOption(optionOf(name, flag));
  if (notes !== undefined) added.addHelpText('after', `\n${notes}`);
  added.addHelpText('after', `\nExample:\n${examples.map((line) => `  $ ${line}`).join('\n')}`);
  added.action((...given: unknown[]) => run(command, given.slice(0, -1))); // the last is commander's own
}

function optionOf(name: string, { value, about, parse, fallback, choices, env, isHidden, isNegated }: Flag): Option {
  const typed = isNegated ? flagOf(name).replace('--', '--no-') : flagOf(name);
  const option = new Option(value === '' ? typed : `${typed} ${value}`, about);
  if (choices !== undefined) option.choices(choices);
  if (parse !== undefined) option.argParser((text) => parsed(parse, text));
  if (fallback !== undefined) option.default(fallback);
  if (env !== undefined) option.env(env);
  return option.hideHelp(isHidden === true);
}

function parsed(parse: (text: string) => unknown, text: string): unknown {
  try {
    return parse(text);
  } catch (error) {
    if (error instanceof InvalidValue) throw new InvalidArgumentError(error.message);
    throw error;
  }
}
