#!/usr/bin/env node
import { writeSync } from 'node:fs';
import { CommanderError } from 'commander';
import { EXIT, type ExitCode } from './exit-codes.js';
import { BACKENDS } from './backends.js';
import { nameOf } from './command.js';
import { COMMANDS } from './commands/index.js';
import { leaveWithReader } from './io/interrupt.js';
import { reportError } from './io/report-error.js';
import { createProgram } from './program.js';
import { RUNNABLE } from './runnable.js';
import type { BackendFlags } from './shared-flags.js';
import { UsageError } from './usage-error.js';

const argv = process.argv.slice(2);
// Errors in the flags themselves are reported in the form that was asked for, too.
const flag = (name: string): boolean => argv.includes(name);
const reporting = { json: flag('--json'), debug: flag('--debug') || (process.env['HEED_DEBUG'] ?? '') !== '' };

process.stdout.on('error', leave);
// What is said there beside the results can be done without; the work goes on.
process.stderr.on('error', () => {});

const host = async () => (await import('./io/node-host.js')).nodeHost({ json: reporting.json });

const program = createProgram(COMMANDS, async (command, given) => {
  if (command.runs === 'on its backend') {
    const { backend, threads, browser } = given.at(-1) as BackendFlags;
    BACKENDS.check({ backend, threads, browser });
    if (backend !== undefined && BACKENDS.runsInPage(backend)) {
      const { runInPage } = await import('./browser/run-in-page.js');
      const settings = { backend, browser, debug: reporting.debug };
      process.exitCode = await runInPage<ExitCode>(await host(), nameOf(command), given, settings);
      return;
    }
  }
  const handler = await command.load();
  process.exitCode = await handler(await host(), ...(given as never));
});
try {
  await program.parseAsync(argv, { from: 'user' });
} catch (error) {
  process.exitCode = await report(error);
}

async function report(error: unknown): Promise<number> {
  if (!(error instanceof CommanderError)) return reportError(error, reporting);
  if (error.exitCode === 0) return EXIT.ok;
  return reportError(await mistake(error), reporting);
}

async function mistake({ code, message }: CommanderError): Promise<UsageError> {
  const [command, asked] = argv;
  if (code === 'commander.help' && asked === undefined)
    return new UsageError('which command?', 'heed --help lists them');
  if (code === 'commander.help') return unknownCommand(asked!);
  if (code === 'commander.unknownCommand') return unknownCommand(command!);
  // "error: unknown option '--jsno'\n(Did you mean --json?)"
  const [first = '', ...hints] = message.replace(/^error: /, '').split('\n');
  const hint = hints.join(' ').replace(/^\((.*)\)$/, '$1') || undefined;
  return new UsageError(first, hint);
}

/** Names of models are typed without `run` too. */
async function unknownCommand(name: string): Promise<UsageError> {
  const { suggestCommand } = await import('./suggest-command.js');
  const commands = program.commands.map((one) => one.name());
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
