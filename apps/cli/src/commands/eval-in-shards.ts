import { parse } from 'devalue';
import type { ExitCode } from '../exit-codes.js';
import { refuseFlags } from '../flag-names.js';
import type { Host } from '../host.js';
import { answered, tellEnd } from '../shards/answer.js';
import { checkShardFlags } from '../shards/shard-flags.js';
import { flagsOfShards } from '../shards/what.js';
import { UsageError } from '../usage-error.js';
import type { EvalFlags } from './eval-command.js';
import { evaluateRun } from './eval.js';

/** `heed eval` whose examples are tried by several processes, or machines; the figures are the same. */
export async function evaluateInShards(host: Host, runOrTask: string, flags: EvalFlags): Promise<ExitCode> {
  checkShardFlags(flags);
  refuseFlags(flags, ['compare', 'seeds', 'out'], 'with --shards: what it trains is judged where it was trained');
  const { backend } = flags;
  if (backend !== undefined && (await host.backends.placeOf(backend)).inPage)
    throw new UsageError(
      `--shards puts figures together in Node, and ${backend} runs in a page`,
      'evaluate there without --shards, or on a backend that needs no browser',
    );
  try {
    return await evaluateRun(host, runOrTask, flags, async ({ name, examples }, backend) => {
      const own = flagsOfShards('eval', { ...flags, split: name, backend });
      const outcomes: unknown[] = [];
      for await (const events of answered(
        host,
        { command: 'eval', run: runOrTask, flags: own },
        examples.length,
        flags,
      ))
        for (const event of events)
          if (event.event === 'outcomes') outcomes.push(...(parse(event.outcomes) as unknown[]));
      return outcomes;
    });
  } catch (error) {
    return tellEnd(host, error);
  }
}
