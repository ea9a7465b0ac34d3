import type { ExitCode } from './exit-codes.js';
import type { FlagTable, FlagsOf } from './flag.js';
import type { Host } from './host.js';

/** A command of `heed`, as data: the help is made of it, and its handler takes what it declares. */
interface Definition<Usage extends string, Flags extends FlagTable, Given extends readonly unknown[]> {
  /** How it is typed: 'compare <problem>'. */
  readonly usage: Usage;
  readonly about: string;
  /** In the order of the help. */
  readonly flags: Flags;
  /** More for the help, between flags and examples. */
  readonly notes?: string;
  readonly examples: readonly string[];
  /** Where its handler runs: where the backend of `--backend` does, in Node or in a page; or in Node whatever it is. */
  readonly runs: 'on its backend' | 'here';
  /** Loads its handler when the command runs, so that help and mistakes answer at once. */
  readonly load: () => Promise<(host: Host, ...given: Given) => Promise<ExitCode>>;
  /** Loads what answers for it where `--shards` is given: it runs in Node, and leaves the work to other processes. */
  readonly loadSharded?: () => Promise<(host: Host, ...given: Given) => Promise<ExitCode>>;
}

/** Any command: what its handler takes is known where it is defined. */
export type Command = Definition<string, FlagTable, never>;

/** A handler is given the arguments of `usage`, and then the flags. */
export function defineCommand<const Usage extends string, Flags extends FlagTable>(
  definition: Definition<Usage, Flags, [...ArgumentsOf<Usage>, FlagsOf<Flags>]>,
): Command {
  return definition;
}

/** 'compare' */
export const nameOf = ({ usage }: Pick<Command, 'usage'>): string => usage.split(' ')[0];

/** The arguments of 'run <run> [inputs...]': a string and strings. */
type ArgumentsOf<Usage extends string> = Usage extends `${string} ${infer Arguments}` ? Listed<Arguments> : [];

type Listed<Arguments extends string> = Arguments extends `${infer First} ${infer Rest}`
  ? [Given<First>, ...Listed<Rest>]
  : [Given<Arguments>];

type Given<Argument extends string> = Argument extends `${string}...${string}`
  ? readonly string[]
  : Argument extends `[${string}]`
    ? string | undefined
    : string;
