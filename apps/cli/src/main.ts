#!/usr/bin/env node
import { writeSync } from 'node:fs';
import { CommanderError } from 'commander';
import { EXIT, type ExitCode } from './exit-codes.js';
import type { Catalog } from './catalog.js';
import { nameOf } from './command.js';
import { COMMANDS } from './commands/index.js';
import { takeConfig } from './config/find-config.js';
import type { NamingFlags } from './config/page-reach.js';
import { readCatalog } from './config/read-catalog.js';
import { leaveWithReader } from './io/interrupt.js';
import { reportError } from './io/report-error.js';
import { createProgram, type Runner } from './program.js';
import { turnOnRelaxedSimd } from './relaxed-simd.js';
import { RUNNABLE } from './runnable.js';
import type { BackendFlags } from './shared-flags.js';
import type { ShardFlags } from './shards/shard-flags.js';
import { UsageError } from './usage-error.js';

turnOnRelaxedSimd();

const { named, rest: argv } = takeConfig(process.argv.slice(2));
// Errors in the flags themselves are reported in the form that was asked for, too.
const flag = (name: string): boolean => argv.includes(name);
const reporting = { json: flag('--json'), debug: flag('--debug') || (process.env['HEED_DEBUG'] ?? '') !== '' };

process.stdout.on('error', leave);
// What is said there beside the results can be done without; the work goes on.
process.stderr.on('error', () => {});

const catalog = await knownNames();
if (catalog !== undefined) process.exitCode = await main(catalog);

/** What commands can name; undefined when a configuration file can't tell, which is a mistake of the user's. */
async function knownNames(): Promise<Catalog | undefined> {
  const fail = (error: unknown): void => {
    reportError(error, reporting);
    process.exitCode = EXIT.usage;
  };
  try {
    return await readCatalog(named, fail);
  } catch (error) {
    fail(error);
    return undefined;
  }
}

async function main(catalog: Catalog): Promise<number> {
  let exit: number = EXIT.ok;
  const program = createProgram(COMMANDS, async (...call) => void (exit = await run(catalog, ...call)), catalog);
  try {
    await program.parseAsync(argv, { from: 'user' });
    return exit;
  } catch (error) {
    const commands = program.commands.map((one) => one.name());
    return report(error, commands);
  }
}

async function run(catalog: Catalog, ...[command, given]: Parameters<Runner>): Promise<ExitCode> {
  const host = async () => (await import('./io/node-host.js')).nodeHost({ json: reporting.json, catalog });
  const flags = given.at(-1) as BackendFlags & NamingFlags & ShardFlags;
  if (command.runs === 'on its backend') catalog.backends.check(flags);
  if (command.loadSharded !== undefined && flags.shards !== undefined) {
    const handler = await command.loadSharded();
    return handler(await host(), ...(given as never));
  }
  if (command.runs === 'on its backend') {
    const { backend, browser } = flags;
    if (backend !== undefined && (await catalog.backends.placeOf(backend, browser)).inPage) {
      if (catalog.brought.file !== undefined) {
        const { assertReachable } = await import('./config/page-reach.js');
        await assertReachable(await host(), backend, given[0], flags);
      }
      const { runInPage } = await import('./browser/run-in-page.js');
      const settings = { backend, browser, debug: reporting.debug };
      return runInPage<ExitCode>(await host(), nameOf(command), given, settings);
    }
  }
  const handler = await command.load();
  return handler(await host(), ...(given as never));
}

async function report(error: unknown, commands: readonly string[]): Promise<number> {
  if (!(error instanceof CommanderError)) return reportError(error, reporting);
  if (error.exitCode === 0) return EXIT.ok;
  return reportError(await mistake(error, commands), reporting);
}

async function mistake({ code, message }: CommanderError, commands: readonly string[]): Promise<UsageError> {
  const [command, asked] = argv;
  if (code === 'commander.help' && asked === undefined)
    return new UsageError('which command?', 'heed --help lists them');
  if (code === 'commander.help') return unknownCommand(asked!, commands);
  if (code === 'commander.unknownCommand') return unknownCommand(command!, commands);
  // "error: unknown option '--jsno'\n(Did you mean --json?)"
  const [first = '', ...hints] = message.replace(/^error: /, '').split('\n');
  const hint = hints.join(' ').replace(/^\((.*)\)$/, '$1') || undefined;
  return new UsageError(first, hint);
}

/** Names of models are typed without `run` too. */
async function unknownCommand(name: string, commands: readonly string[]): Promise<UsageError> {
  const { suggestCommand } = await import('./suggest-command.js');
  return new UsageError(`there is no command ${JSON.stringify(name)}`, suggestCommand(name, commands, RUNNABLE));
}

/**
 * Nobody can be given the results any more. A reader that has seen enough ends the command without a word; a full disk is a
 * failure. Files are written whole or not at all, so leaving is safe at any time.
 */
function leave(error: NodeJS.ErrnoException): void {
  // A terminal that is gone tells so by a signal too, which work that can be saved waits for.
  if (error.code === 'EIO' && process.stdout.isTTY) return;
  if (error.code === 'EPIPE') return leaveWithReader();
  const message = `can't write the output: ${error.message}`;
  try {
    writeSync(process.stderr.fd, `error FILE_ACCESS: ${message}\n`);
  } catch {
    // The exit code says it.
  }
  process.exit(EXIT.failure);
}
