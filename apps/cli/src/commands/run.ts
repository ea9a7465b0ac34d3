import type { AttentionMap } from '@heed/heatmap';
import type { Answer, AnswerOptions } from '@heed/tasks';
import { useBackend } from '../backends.js';
import { ENCODER } from '../encoder.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import { flagOf } from '../flag-names.js';
import type { BackendFlag, CommonFlags } from '../flags.js';
import type { Host } from '../host.js';
import { mapFormat, writeMaps } from '../io/map-files.js';
import { plain } from '../io/plain.js';
import { tellRefused } from '../io/tell-refused.js';
import { dataOf, openModel, type OpenModel } from '../model.js';
import { sample } from '../sample.js';
import { refuseOption } from '../task-options.js';
import { UsageError } from '../usage-error.js';

interface RunFlags extends CommonFlags, BackendFlag {
  readonly interactive?: boolean;
  readonly sample?: number;
  readonly beam?: number;
  readonly temperature?: number;
  readonly topK?: number;
  readonly topP?: number;
  readonly length?: number;
  readonly out?: string;
  readonly maps: boolean;
  readonly seed: number;
}

export async function run(
  host: Host,
  runOrTask: string,
  inputs: readonly string[],
  flags: RunFlags,
): Promise<ExitCode> {
  checkSource(host, inputs, flags);
  if (flags.out !== undefined) mapFormat(flags.out);
  if (runOrTask === ENCODER) return (await import('./run-encoder.js')).runEncoder(host, inputs, flags);
  const backend = await useBackend(flags);
  const opened = await openModel(host, runOrTask);
  try {
    const speaker = new Speaker(host, opened, flags);
    if (flags.interactive) {
      const prompt = `input (such as ${opened.task.example}): `;
      for await (const [line] of host.lines({ prompt })) if (line!.trim() !== '') await speaker.say([line!]);
    } else if (flags.sample !== undefined) {
      const { test } = await dataOf(host, opened);
      await inBatches(sample(test, flags.sample, flags.seed), (batch) => speaker.check(batch));
    } else if (inputs.length > 0) {
      await inBatches(inputs, (batch) => speaker.say(batch));
    } else {
      for await (const batch of host.lines({ most: MOST_AT_ONCE })) {
        await speaker.say(batch.filter((line) => line.trim() !== ''));
        await host.output.drained();
      }
    }
    if (speaker.heard === 0 && !flags.interactive) throw noInputs('what is piped in is empty');
    await speaker.writeFile();
    return speaker.failures > 0 && !flags.interactive ? EXIT.failure : EXIT.ok;
  } finally {
    opened.model.dispose();
    await backend.dispose();
  }
}

// Inputs that are answered together; results don't depend on it.
const MOST_AT_ONCE = 32;

function checkSource({ stdinIsTerminal }: Host, inputs: readonly string[], { interactive, sample }: RunFlags): void {
  const sources = [
    inputs.length > 0 && 'inputs',
    interactive && '--interactive',
    sample !== undefined && '--sample',
  ].filter(Boolean);
  if (sources.length > 1) throw new UsageError(`${sources.join(' and ')} exclude one another`);
  if (sources.length === 0 && stdinIsTerminal) {
    throw noInputs();
  }
}

const noInputs = (why?: string): UsageError =>
  new UsageError(
    why === undefined ? 'no inputs' : `no inputs: ${why}`,
    'give some, pipe them in, or use --interactive or --sample 5',
  );

async function inBatches<T>(items: readonly T[], work: (batch: readonly T[]) => Promise<void>): Promise<void> {
  for (let start = 0; start < items.length; start += MOST_AT_ONCE) await work(items.slice(start, start + MOST_AT_ONCE));
}

/** Runs the model on inputs and writes what comes out. */
class Speaker {
  /** How many inputs there were, and how many of them could not be answered. */
  heard = 0;
  failures = 0;
  readonly #maps: AttentionMap[] = [];
  readonly #host: Host;
  readonly #opened: OpenModel;
  readonly #flags: RunFlags;
  readonly #options: AnswerOptions;

  /** @throws UsageError for flags that the task has no use for */
  constructor(host: Host, opened: OpenModel, flags: RunFlags) {
    this.#host = host;
    this.#opened = opened;
    this.#flags = flags;
    this.#options = answerOptions(opened, flags);
  }

  /** One result or error for each text, in order. */
  async say(texts: readonly string[]): Promise<void> {
    this.heard += texts.length;
    const { task } = this.#opened;
    const parsed = texts.map((text) => attempt(() => task.parse(text)));
    const inputs = parsed.flatMap((one) => ('value' in one ? [one.value] : []));
    const answers = await this.#answer(inputs);
    for (const [n, one] of parsed.entries()) {
      const answer = 'value' in one ? answers.shift()! : one;
      if ('error' in answer) this.#failure(texts[n]!, answer.error);
      else this.#result(texts[n]!.trim(), answer.value);
    }
  }

  /** The same for examples, with whether each is right. */
  async check(examples: readonly unknown[]): Promise<void> {
    this.heard += examples.length;
    const { task } = this.#opened;
    const answers = await this.#answer(examples);
    for (const [n, example] of examples.entries()) {
      const answer = answers[n]!;
      if ('error' in answer) this.#failure(task.write(example), answer.error);
      else this.#result(task.write(example), answer.value, task.expected(example));
    }
  }

  async writeFile(): Promise<void> {
    const { out } = this.#flags;
    if (out === undefined) return;
    if (this.#maps.length === 0) {
      const nothing = `there is no attention map to write to ${out}`;
      if (this.failures === 0) throw new UsageError(nothing);
      this.#host.output.note(nothing);
      return;
    }
    await writeMaps(this.#host, out, this.#maps);
    this.#host.output.note(`written to ${out}`);
  }

  /** All at once; when one is refused, each by itself, so that the others are answered. */
  async #answer(inputs: readonly unknown[]): Promise<Attempt<Answer>[]> {
    if (inputs.length === 0) return [];
    const { task, model } = this.#opened;
    try {
      return (await task.answer(model, inputs, this.#options)).map((value) => ({ value }));
    } catch (error) {
      if (inputs.length === 1) return [{ error }];
      const answers: Attempt<Answer>[] = [];
      for (const input of inputs) answers.push(...(await this.#answer([input])));
      return answers;
    }
  }

  #result(input: string, { output: text, alternatives, maps, details }: Answer, expected?: readonly string[]): void {
    const { output } = this.#host;
    output.event({
      event: 'result',
      input,
      output: text,
      ...details,
      ...(alternatives.length > 0 && { alternatives }),
      ...(expected !== undefined && { expected, correct: expected.includes(text) }),
    });
    output.print(`${output.paint.bold(plain(input))}  ${plain(text)}${this.#verdict(text, expected)}`);
    for (const other of alternatives)
      output.print(`  or ${plain(other.output)}  (log probability ${other.logProbability.toFixed(2)})`);
    if (maps.length === 0) return;
    if (this.#flags.out !== undefined) this.#maps.push(...maps);
    if (!this.#flags.maps) return;
    // With one map, the line above is its title.
    output.maps(maps.length === 1 ? [{ ...maps[0]!, title: '' }] : maps);
    output.print('');
  }

  #verdict(text: string, expected: readonly string[] | undefined): string {
    if (expected === undefined || expected.length === 0) return '';
    const { paint } = this.#host.output;
    return expected.includes(text) ? paint.green('  ✓') : paint.yellow(`  ✗ ${plain(expected.join(' or '))}`);
  }

  #failure(input: string, error: unknown): void {
    this.failures++;
    tellRefused(this.#host.output, input, error);
  }
}

function answerOptions({ task }: OpenModel, flags: RunFlags): AnswerOptions {
  const { beam, temperature, topK, topP, length, seed } = flags;
  if (beam !== undefined) refuseOption(task, 'beam', '--beam');
  const given = { temperature, topK, topP, length };
  const first = Object.entries(given).find(([, value]) => value !== undefined);
  if (first !== undefined) refuseOption(task, 'sampling', flagOf(first[0]));
  return {
    ...(beam !== undefined && { beam }),
    ...(task.options.includes('sampling') && {
      sampling: {
        seed,
        ...(temperature !== undefined && { temperature }),
        ...(topK !== undefined && { topK }),
        ...(topP !== undefined && { topP }),
        ...(length !== undefined && { length }),
      },
    }),
  };
}

type Attempt<T> = { readonly value: T } | { readonly error: unknown };

function attempt<T>(work: () => T): Attempt<T> {
  try {
    return { value: work() };
  } catch (error) {
    return { error };
  }
}
