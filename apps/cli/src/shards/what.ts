import type { FlagValues } from '../flag-names.js';
import type { Range } from '../inputs.js';

/** A part of what a command does. */
export interface What {
  readonly command: 'run' | 'eval';
  /** Folder of a run, or the task whose model Heed ships. */
  readonly run: string;
  /** Flags of the command that decide what comes out, and where the files are. */
  readonly flags: FlagValues;
  /** Which of the inputs, or of the examples. */
  readonly range: Range;
}

/** Names of the flags that a shard may have: what it writes, and which programs it starts, is for each machine to say. */
export const FLAGS_OF_SHARDS = {
  run: [
    'file',
    'lines',
    'null',
    'jsonLines',
    'ask',
    'beam',
    'temperature',
    'topK',
    'topP',
    'length',
    'count',
    'seed',
    'backend',
    'threads',
  ],
  eval: ['split', 'limit', 'beam', 'data', 'validation', 'test', 'seed', 'backend', 'threads'],
} as const satisfies Record<What['command'], readonly string[]>;

/** The flags of a command that its shards have, too. */
export const flagsOfShards = (command: What['command'], flags: object): FlagValues =>
  Object.fromEntries(
    Object.entries(flags).filter(
      ([name, value]) =>
        (FLAGS_OF_SHARDS[command] as readonly string[]).includes(name) && value !== undefined && value !== false,
    ),
  ) as FlagValues;
