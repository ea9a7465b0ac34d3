#!/usr/bin/env node
import { writeSync } from 'node:fs';
import { CommanderError } from 'commander';
import { EXIT } from './exit-codes.js';
import { reportError } from './io/errors.js';
import { Output } from './io/output.js';
import { createProgram, type Run } from './program.js';
import { UsageError } from './usage-error.js';

const argv = process.argv.slice(2);
// Errors in the flags themselves are reported in the form that was asked for, too.
const flag = (name: string): boolean => argv.includes(name);
const reporting = { json: flag('--json'), debug: flag('--debug') || (process.env['HEED_DEBUG'] ?? '') !== '' };

for (const stream of [process.stdout, process.stderr]) stream.on('error', leave);

const run: Run =
  (load) =>
  async (...given) => {
    const handler = await load();
    process.exitCode = await handler(new Output({ json: reporting.json }), ...given);
  };

try {
  await createProgram(run).parseAsync(argv, { from: 'user' });
} catch (error) {
  process.exitCode = report(error);
}

function report(error: unknown): number {
  if (!(error instanceof CommanderError)) return reportError(error, reporting);
  if (error.exitCode === 0) return EXIT.ok;
  if (error.code === 'commander.help') {
    return reportError(new UsageError('which command?', 'heed --help lists them'), reporting);
  }
  // "error: unknown option '--jsno'\n(Did you mean --json?)"
  const [message = '', ...hints] = error.message.replace(/^error: /, '').split('\n');
  const hint = hints.join(' ').replace(/^\((.*)\)$/, '$1') || undefined;
  return reportError(new UsageError(message, hint), reporting);
}

/**
 * Nobody can be told anything any more on that stream. A reader that has seen enough (`heed … | head`) ends the command
 * without a word; a full disk is a failure. Files are written whole or not at all, so leaving is safe at any time.
 */
function leave(error: NodeJS.ErrnoException): never {
  if (error.code === 'EPIPE') process.exit(EXIT.ok);
  const message = `can't write the output: ${error.message}`;
  writeSync(process.stderr.fd, `error FILE_ACCESS: ${message}\n`);
  process.exit(EXIT.failure);
}
