import { stat } from 'node:fs/promises';
import { ENCODER } from '../encoder.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import type { Host } from '../host.js';
import { checkInputs, readInputs } from '../inputs.js';
import { factsOfModel } from '../model.js';
import { Refusals } from '../refusals.js';
import { tellResult } from '../run/tell-result.js';
import { answered, tellEnd } from '../shards/answer.js';
import { checkShardFlags } from '../shards/shard-flags.js';
import { flagsOfShards } from '../shards/what.js';
import { UsageError } from '../usage-error.js';
import type { RunFlags } from './run-command.js';
import { noInputs } from './run.js';

/** `heed run` whose inputs are answered by several processes, or machines, and told as one would tell them. */
export async function runInShards(
  host: Host,
  runOrTask: string,
  inputs: readonly string[],
  flags: RunFlags,
): Promise<ExitCode> {
  const { output } = host;
  checkInputs(inputs, flags);
  checkShardFlags(flags);
  const { file } = flags;
  if (file === undefined) throw new UsageError('--shards divides the inputs of files', 'give them with --file');
  if (flags.out !== undefined)
    throw new UsageError('--out means nothing with --shards', 'maps are drawn without --shards, of a few inputs');
  if (runOrTask === ENCODER)
    throw new UsageError(`${ENCODER} compares all sentences with each other`, 'leave --shards out');
  for (const one of file) await assertRegular(one);

  const { task } = await factsOfModel(host, runOrTask);
  let total = 0;
  for await (const batch of readInputs(host, [], flags, task)) total += batch.length;
  if (total === 0) throw noInputs(flags);
  const backend = flags.backend ?? (await host.backends.best());
  const what = { command: 'run', run: runOrTask, flags: flagsOfShards('run', { ...flags, backend }) } as const;
  const refusals = new Refusals(output, { all: false });
  try {
    for await (const events of answered(host, what, total, flags)) {
      for (const event of events) {
        output.event(event as unknown as Readonly<Record<string, unknown>>);
        if (event.event === 'result') tellResult(output, event);
        if (event.event === 'error') refusals.tellPeople(event, { ...event, exit: EXIT.failure });
      }
      await output.drained();
    }
  } catch (error) {
    return tellEnd(host, error);
  }
  refusals.end();
  return refusals.count > 0 ? EXIT.failure : EXIT.ok;
}

/** The inputs are read more than once: to be counted, and by each process that answers some of them. */
async function assertRegular(file: string): Promise<void> {
  const isStream = file === '-' || (await stat(file).catch(() => undefined))?.isFile() === false;
  if (isStream)
    throw new UsageError(
      `${file === '-' ? 'standard input' : JSON.stringify(file)} can be read but once, and --shards reads inputs again`,
      'put them into a file',
    );
}
