import { sample } from '@heed/base';
import type { AttentionMap, AttentionOverlay } from '@heed/heatmap';
import { trustIn, type Answer, type AnswerOptions, type Trust } from '@heed/tasks';
import { askedOf, textsAsked } from '../asked.js';
import type { Attempt } from '../attempt.js';
import { ENCODER } from '../encoder.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import { examplesOf } from '../eval/examples-of.js';
import { flagOf } from '../flag-names.js';
import type { Host } from '../host.js';
import { checkInputs, inputsIn, isAsked, MOST_AT_ONCE, readInputs, type Given, type Place } from '../inputs.js';
import { mapFormat, writeMaps, writeOverlays } from '../io/map-files.js';
import type { AnyData } from '../known.js';
import { dataOf, openModelOn, type OpenModel } from '../model.js';
import { Refusals } from '../refusals.js';
import { tellResult } from '../run/tell-result.js';
import { refuseOption } from '../task-options.js';
import { UsageError } from '../usage-error.js';
import type { RunFlags } from './run-command.js';

export async function run(
  host: Host,
  runOrTask: string,
  inputs: readonly string[],
  flags: RunFlags,
): Promise<ExitCode> {
  checkInputs(inputs, flags);
  if (flags.split !== undefined && flags.sample === undefined) {
    throw new UsageError('--split says which examples --sample takes', 'give --sample, too: --sample 3');
  }
  if (flags.out !== undefined) mapFormat(flags.out);
  if (runOrTask === ENCODER) return (await import('./run-encoder.js')).runEncoder(host, inputs, flags);
  const { backend, opened } = await openModelOn(host, flags, runOrTask, [ENCODER]);
  const asked = flags.sample === undefined && isAsked(host, inputs, flags);
  try {
    const speaker = new Speaker(host, opened, flags, new Refusals(host.output, { all: asked }));
    if (flags.sample !== undefined) {
      const [set] = examplesOf(await dataOf(host, opened), flags.split ?? 'test');
      const examples = sample(set!.examples, flags.sample, flags.seed);
      for (let n = 0; n < examples.length; n += MOST_AT_ONCE) await speaker.check(examples.slice(n, n + MOST_AT_ONCE));
    } else {
      const all = readInputs(host, inputs, flags, opened.task);
      for await (const batch of flags.range === undefined ? all : inputsIn(all, flags.range)) {
        await speaker.say(batch);
        await host.output.drained();
      }
    }
    speaker.refusals.end();
    if (speaker.heard === 0 && !asked) throw noInputs(flags);
    await speaker.writeFile();
    // Of a part of the inputs, those that are refused are told with the others.
    return speaker.refusals.count > 0 && !asked && flags.range === undefined ? EXIT.failure : EXIT.ok;
  } finally {
    opened.model.dispose();
    await backend.dispose();
  }
}

/** Runs the model on inputs and writes what comes out. */
class Speaker {
  /** How many inputs there were, and those of them that could not be answered. */
  heard = 0;
  readonly refusals: Refusals;
  readonly #maps: AttentionMap[] = [];
  readonly #overlays: AttentionOverlay[] = [];
  /** What is asked of each picture. */
  readonly #texts: readonly string[];
  readonly #host: Host;
  readonly #opened: OpenModel;
  readonly #flags: RunFlags;
  /** Options of each sample that is wanted of an input. */
  readonly #options: readonly AnswerOptions[];
  /** How far an answer to an input can be trusted; undefined for a model that isn't calibrated. */
  readonly #trust: ((input: unknown, answer: Answer) => Trust) | undefined;

  /** @throws UsageError for flags that the task has no use for */
  constructor(host: Host, opened: OpenModel, flags: RunFlags, refusals: Refusals) {
    this.refusals = refusals;
    this.#host = host;
    this.#opened = opened;
    this.#flags = flags;
    this.#options = answerOptions(opened, flags);
    this.#texts = textsAsked(opened, flags.ask);
    const { task, calibration } = opened;
    this.#trust = calibration && trustIn(task, calibration);
  }

  /** One result or error for each input, in order. */
  async say(given: readonly Given[]): Promise<void> {
    this.heard += given.length;
    const asked = await askedOf(this.#host, this.#opened, given, this.#texts);
    const inputs = asked.flatMap(({ input }) => ('value' in input ? [input.value] : []));
    const samples: Attempt<Answer>[][] = [];
    for (const options of this.#options) samples.push(await this.#answer(inputs, options));
    const isOne = samples.length === 1;
    for (const { text, from, input: one } of asked) {
      const answers = 'value' in one ? samples.map((sample) => sample.shift()!) : [one];
      for (const [k, answer] of answers.entries()) {
        if ('error' in answer) {
          this.refusals.tell(text, from, answer.error);
          break; // what can't be read once can't be read again
        }
        const trust = 'value' in one ? this.#trust?.(one.value, answer.value) : undefined;
        this.#result(text.trim(), answer.value, { from, trust, ...(!isOne && { sample: k + 1 }) });
      }
    }
  }

  /** The same for examples, with whether each is right. */
  async check(examples: AnyData['test']): Promise<void> {
    this.heard += examples.length;
    const { task } = this.#opened;
    const answers = await this.#answer(examples, this.#options[0]);
    for (const [n, example] of examples.entries()) {
      const answer = answers[n];
      if ('error' in answer) this.refusals.tell(task.write(example), {}, answer.error);
      else {
        const expected = task.expected(example);
        this.#result(task.write(example), answer.value, { expected, trust: this.#trust?.(example, answer.value) });
      }
    }
  }

  async writeFile(): Promise<void> {
    const { out } = this.#flags;
    if (out === undefined) return;
    if (this.#overlays.length > 0) {
      await writeOverlays(this.#host, out, this.#overlays);
      this.#host.output.note(`written to ${out}`);
      return;
    }
    if (this.#maps.length === 0) {
      const nothing = `there is no attention map to write to ${out}`;
      if (this.refusals.count === 0) throw new UsageError(nothing);
      this.#host.output.note(nothing);
      return;
    }
    await writeMaps(this.#host, out, this.#maps);
    this.#host.output.note(`written to ${out}`);
  }

  /** All at once; when one is refused, each by itself, so that the others are answered. */
  async #answer(inputs: readonly unknown[], options: AnswerOptions): Promise<Attempt<Answer>[]> {
    if (inputs.length === 0) return [];
    const { task, model } = this.#opened;
    try {
      return (await task.answer(model, inputs, options)).map((value) => ({ value }));
    } catch (error) {
      if (inputs.length === 1) return [{ error }];
      const answers: Attempt<Answer>[] = [];
      for (const input of inputs) answers.push(...(await this.#answer([input], options)));
      return answers;
    }
  }

  #result(
    input: string,
    { output: text, alternatives, maps, overlay, details }: Answer,
    {
      from = {},
      expected,
      sample,
      trust,
    }: {
      readonly from?: Place;
      readonly expected?: readonly string[];
      readonly sample?: number;
      readonly trust: Trust | undefined;
    },
  ): void {
    const { output } = this.#host;
    const event = {
      event: 'result' as const,
      input,
      ...from,
      ...(sample !== undefined && { sample }),
      output: text,
      ...trust,
      ...details,
      ...(alternatives.length > 0 && { alternatives }),
      ...(expected !== undefined && { expected, correct: expected.includes(text) }),
    };
    output.event(event);
    tellResult(output, event);
    if (overlay !== undefined) this.#look(overlay);
    if (maps.length === 0) return;
    if (this.#flags.out !== undefined) this.#maps.push(...maps);
    if (!this.#flags.maps) return;
    // With one map, the line above is its title.
    output.maps(maps.length === 1 ? [{ ...maps[0], title: '' }] : maps);
    output.print('');
  }

  /** What each word looked at; the line above is its title. */
  #look(overlay: AttentionOverlay): void {
    if (this.#flags.out !== undefined) this.#overlays.push(overlay);
    if (!this.#flags.maps) return;
    this.#host.output.overlays([{ ...overlay, title: '' }]);
    this.#host.output.print('');
  }
}

/** Options of each sample of an input: one, but for those who want several, with a seed of its own for each. */
function answerOptions({ task, calibration }: OpenModel, flags: RunFlags): AnswerOptions[] {
  const { beam, temperature, topK, topP, length, seed, count = 1 } = flags;
  if (beam !== undefined) refuseOption(task, 'beam', '--beam');
  const given = { temperature, topK, topP, length, count: flags.count };
  const first = Object.entries(given).find(([, value]) => value !== undefined);
  if (first !== undefined) refuseOption(task, 'sampling', flagOf(first[0]));
  return Array.from({ length: count }, (_, n) => ({
    ...(beam !== undefined && { beam }),
    ...(calibration?.outputs && { outputs: calibration.outputs }),
    ...(task.options.includes('sampling') && {
      sampling: {
        seed: seed + n,
        ...(temperature !== undefined && { temperature }),
        ...(topK !== undefined && { topK }),
        ...(topP !== undefined && { topP }),
        ...(length !== undefined && { length }),
      },
    }),
  }));
}

/** What there is to say where nothing was given. */
export function noInputs({ file }: RunFlags): UsageError {
  const empty =
    file === undefined
      ? 'what is piped in is empty'
      : `nothing is in ${file.map((one) => JSON.stringify(one)).join(' and ')}`;
  return new UsageError(`no inputs: ${empty}`, 'give some, pipe them in, or use --interactive or --sample 5');
}
