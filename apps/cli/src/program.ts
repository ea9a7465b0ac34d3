import { createRequire } from 'node:module';
import { Command as Commander, InvalidArgumentError, Option } from 'commander';
import { OWN, type Catalog } from './catalog.js';
import type { Command } from './command.js';
import { toldOf, type Flag } from './flag.js';
import { flagOf } from './flag-names.js';
import { InvalidValue } from './flag-values.js';
import { CONFIG_FLAG } from './shared-flags.js';
import { UsageError } from './usage-error.js';

/** Runs a command with its arguments, and last its flags: given by main, which reports errors and sets the exit code. */
export type Runner = (command: Command, given: readonly unknown[]) => Promise<void>;

/** @param catalog what flags choose among, which their help lists */
export function createProgram(commands: readonly Command[], run: Runner, catalog: Catalog = OWN): Commander {
  const { version } = createRequire(import.meta.url)('../package.json') as { version: string };
  const program = new Commander('heed')
    .description('Attention models from the terminal: train, run, evaluate and compare them on any backend.')
    .version(version, '--version', 'print the version')
    .helpOption('--help', 'show this help')
    .helpCommand('help [command]', 'show the help of a command')
    // Known before the commands are, and taken wherever it stands, so each command's own is for its help.
    .addOption(optionOf('config', CONFIG_FLAG, catalog))
    .exitOverride()
    .configureOutput({ writeErr: () => {} })
    .addHelpText('after', '\nExample:\n  $ heed run g2p attending\n  $ heed train g2p && heed run runs/g2p attending');
  for (const command of commands) addCommand(program, command, run, catalog);
  return program;
}

function addCommand(program: Commander, command: Command, run: Runner, catalog: Catalog): void {
  const { usage, about, flags, notes, examples } = command;
  const added = program.command(usage).description(about);
  for (const [name, flag] of Object.entries(flags)) added.addOption(optionOf(name, flag, catalog));
  if (notes !== undefined) added.addHelpText('after', `\n${notes}`);
  added.addHelpText('after', `\nExample:\n${examples.map((line) => `  $ ${line}`).join('\n')}`);
  added.action((...given: unknown[]) => {
    assertNeeds(added, flags);
    return run(command, given.slice(0, -1)); // the last is commander's own
  });
}

/** What the environment says is for every command, and asks for nothing. */
function assertNeeds(typed: Commander, flags: Command['flags']): void {
  for (const [name, { needs }] of Object.entries(flags)) {
    if (needs === undefined || typed.getOptionValue(needs) !== undefined) continue;
    if (typed.getOptionValueSource(name) !== 'cli') continue;
    throw new UsageError(`${flagOf(name)} means nothing without ${flagOf(needs)}`);
  }
}

function optionOf(name: string, flag: Flag, catalog: Catalog): Option {
  const { value, about, parse, fallback, choices, env, isHidden, isNegated } = flag;
  const typed = isNegated ? flagOf(name).replace('--', '--no-') : flagOf(name);
  const option = new Option(value === '' ? typed : `${typed} ${value}`, toldOf(about, catalog));
  if (choices !== undefined) option.choices(toldOf(choices, catalog));
  if (parse !== undefined) option.argParser((text) => parsed(parse, text, catalog));
  if (fallback !== undefined) option.default(fallback);
  if (env !== undefined) option.env(env);
  return option.hideHelp(isHidden === true);
}

function parsed(parse: NonNullable<Flag['parse']>, text: string, catalog: Catalog): unknown {
  try {
    return parse(text, catalog);
  } catch (error) {
    if (error instanceof InvalidValue) throw new InvalidArgumentError(error.message);
    throw error;
  }
}
