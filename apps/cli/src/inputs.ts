import { HeedError } from '@heed/core';
import type { InputFlags, RunFlags } from './commands/run-command.js';
import type { Host, PlacedText, TextFormat } from './host.js';
import { flagOf, refuseFlags } from './flag-names.js';
import { UsageError } from './usage-error.js';

const FORMATS = ['lines', 'null', 'jsonLines'] as const;

/** One of the inputs. */
export interface Given {
  readonly text: string;
  readonly from: Place;
  /** Why the text is no input, in the form that was asked for. */
  readonly error?: unknown;
}

/** Where an input was found. */
export interface Place {
  readonly file?: string;
  /** From 1, among the lines of that file or of standard input. */
  readonly line?: number;
  /** The same of texts that end with NUL. */
  readonly number?: number;
  /** What a line of JSON calls its input, given back with the answer. */
  readonly id?: string | number;
}

/** What a task says of its inputs. */
export interface InputKind {
  readonly title: string;
  readonly example: string;
  readonly multiline: boolean;
}

// Inputs that are answered together; results don't depend on it.
export const MOST_AT_ONCE = 32;

/** Whether a person is to be asked. */
export const isAsked = (
  { stdinIsTerminal }: Host,
  args: readonly string[],
  { interactive, file }: InputFlags,
): boolean => interactive === true || (stdinIsTerminal && args.length === 0 && file === undefined);

/** @throws UsageError for inputs from more than one place, and for a format of what isn't read */
export function checkInputs(args: readonly string[], flags: InputFlags & Pick<RunFlags, 'sample' | 'count'>): void {
  const { interactive, file, sample } = flags;
  const sources = [
    args.length > 0 && 'inputs',
    interactive && '--interactive',
    file !== undefined && '--file',
    sample !== undefined && '--sample',
  ].filter((source) => typeof source === 'string');
  if (sample !== undefined && flags.count !== undefined) {
    throw new UsageError('--count and --sample exclude one another', 'examples have a right answer, samples have none');
  }
  if (sources.length > 1) throw new UsageError(`${sources.join(' and ')} exclude one another`);
  if (sources[0] !== undefined && sources[0] !== '--file') refuseFlags(flags, FORMATS, `with ${sources[0]}`);
  const formats = FORMATS.filter((name) => flags[name]).map(flagOf);
  if (formats.length > 1) throw new UsageError(`${formats.join(' and ')} exclude one another`);
}

/** The inputs, some at once: of the arguments, of files, of standard input, or those that a person is asked for. */
export async function* readInputs(
  host: Host,
  args: readonly string[],
  flags: InputFlags,
  kind: InputKind,
): AsyncGenerator<readonly Given[]> {
  if (args.length > 0) {
    for (let n = 0; n < args.length; n += MOST_AT_ONCE)
      yield args.slice(n, n + MOST_AT_ONCE).map((text) => ({ text, from: {} }));
    return;
  }
  if (isAsked(host, args, flags)) {
    yield* asked(host, kind);
    return;
  }
  const format: TextFormat =
    flags.lines || flags.jsonLines ? 'lines' : flags.null ? 'null' : kind.multiline ? 'whole' : 'lines';
  for (const file of flags.file ?? ['-']) {
    for await (const batch of host.texts({ format, file, most: MOST_AT_ONCE })) {
      yield batch.filter(isSomething).map(({ text, number }): Given => {
        const from: Place = {
          ...(file !== '-' && { file }),
          ...(number !== undefined && { [format === 'lines' ? 'line' : 'number']: number }),
        };
        return flags.jsonLines ? ofJson(text, from) : { text, from };
      });
    }
  }
}

/** Numbers of some things in a row: those from the first on, up to one that isn't among them. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** The inputs of a range of all that there are. */
export async function* inputsIn(
  batches: AsyncIterable<readonly Given[]>,
  { from, to }: Range,
): AsyncGenerator<readonly Given[]> {
  let n = 0;
  for await (const batch of batches) {
    const part = batch.slice(Math.max(0, from - n), Math.max(0, to - n));
    if (part.length > 0) yield part;
    n += batch.length;
    if (n >= to) return;
  }
}

const isSomething = ({ text }: PlacedText): boolean => text.trim() !== '';

async function* asked(host: Host, { title, example, multiline }: InputKind): AsyncGenerator<readonly Given[]> {
  const how = multiline
    ? 'An input ends with a line that has only a full stop, and Ctrl-D ends all'
    : 'Each line is an input; Ctrl-D ends';
  host.output.note(`${title}. ${how}. For example:\n${example.replaceAll(/^/gm, '  ')}`);
  for await (const batch of host.texts({ prompt: '> ', ...(multiline && { end: '.' }) }))
    yield batch.filter(isSomething).map(({ text }) => ({ text, from: {} }));
}

/**
 * A text of JSON, or an object with the text in `input`, as the events of `heed run --json` have it, and perhaps with an `id` by
 * which to know it again.
 */
function ofJson(line: string, from: Place): Given {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return { text: line, from, error: notJson('this is no JSON') };
  }
  const { input, id } =
    typeof value === 'string' ? { input: value } : ((value ?? {}) as { input?: unknown; id?: unknown });
  const place = typeof id === 'string' || typeof id === 'number' ? { ...from, id } : from;
  return typeof input === 'string'
    ? { text: input, from: place }
    : { text: line, from: place, error: notJson('there is no text in "input"') };
}

const notJson = (message: string): HeedError =>
  new HeedError('INVALID_ARGUMENT', {
    message,
    hint: 'with --json-lines each line is a text, "attention", or an object with one, {"input": "attention"}',
  });

/** 'words.txt, line 3'; nothing of an argument. */
export function describePlace({ file, line, number }: Place): string {
  const within = line !== undefined ? `line ${line}` : number !== undefined ? `input ${number}` : undefined;
  return [file, within].filter((part) => part !== undefined).join(', ');
}
