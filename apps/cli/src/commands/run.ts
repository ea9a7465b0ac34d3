import type { Example } from '@heed/datasets';
import { shortest, type AttentionMap } from '@heed/heatmap';
import type { Hypothesis } from '@heed/seq2seq';
import { useBackend } from '../backends.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import type { BackendFlag, CommonFlags } from '../flags.js';
import type { Host } from '../host.js';
import { describeError } from '../io/errors.js';
import { mapFormat, writeMaps } from '../io/map-files.js';
import { dataOf, decode, isRight, openModel, type OpenModel } from '../model.js';
import { sample } from '../sample.js';
import { UsageError } from '../usage-error.js';

interface RunFlags extends CommonFlags, BackendFlag {
  readonly interactive?: boolean;
  readonly sample?: number;
  readonly beam?: number;
  readonly out?: string;
  readonly maps: boolean;
  readonly seed: number;
}

export async function run(host: Host, folder: string, words: readonly string[], flags: RunFlags): Promise<ExitCode> {
  checkSource(host, words, flags);
  if (flags.out !== undefined) mapFormat(flags.out);
  const backend = await useBackend(flags);
  const opened = await openModel(host, folder);
  const speaker = new Speaker(host, opened, flags);
  try {
    if (flags.interactive) {
      const prompt = `word (such as ${opened.task.example}): `;
      for await (const [line] of host.lines({ prompt })) if (line!.trim() !== '') await speaker.say([line!]);
    } else if (flags.sample !== undefined) {
      const { test } = await dataOf(opened);
      const examples = sample(test, flags.sample, flags.seed);
      await inBatches(
        examples.map(({ text }) => text),
        (batch, start) => speaker.say(batch, examples.slice(start)),
      );
    } else if (words.length > 0) {
      await inBatches(words, (batch) => speaker.say(batch));
    } else {
      for await (const batch of host.lines({ most: MOST_AT_ONCE })) {
        await speaker.say(batch.filter((line) => line.trim() !== ''));
        await host.output.drained();
      }
    }
    await speaker.writeFile();
  } finally {
    opened.model.dispose();
    await backend.dispose();
  }
  return speaker.failures > 0 && !flags.interactive ? EXIT.failure : EXIT.ok;
}

// Words that are decoded together; results don't depend on it.
const MOST_AT_ONCE = 32;

function checkSource({ stdinIsTerminal }: Host, words: readonly string[], { interactive, sample }: RunFlags): void {
  const sources = [
    words.length > 0 && 'words',
    interactive && '--interactive',
    sample !== undefined && '--sample',
  ].filter(Boolean);
  if (sources.length > 1) throw new UsageError(`${sources.join(' and ')} exclude one another`);
  if (sources.length === 0 && stdinIsTerminal) {
    throw new UsageError('no words', 'give words, pipe them in, or use --interactive or --sample 5');
  }
}

async function inBatches(
  words: readonly string[],
  work: (batch: readonly string[], start: number) => Promise<void>,
): Promise<void> {
  for (let start = 0; start < words.length; start += MOST_AT_ONCE)
    await work(words.slice(start, start + MOST_AT_ONCE), start);
}

/** Runs the model on words and writes what comes out. */
class Speaker {
  failures = 0;
  readonly #maps: AttentionMap[] = [];
  readonly #host: Host;
  readonly #opened: OpenModel;
  readonly #flags: RunFlags;

  constructor(host: Host, opened: OpenModel, flags: RunFlags) {
    this.#host = host;
    this.#opened = opened;
    this.#flags = flags;
  }

  /** One result or error for each word, in order. With examples, also whether it is right. */
  async say(words: readonly string[], examples?: readonly Example[]): Promise<void> {
    const { task, model } = this.#opened;
    const parsed = words.map((word) => attempt(() => task.parse(word)));
    const sources = parsed.flatMap((one) => ('value' in one ? [one.value] : []));
    const hypotheses = sources.length > 0 ? await decode(model, sources, this.#flags.beam ?? 1) : [];
    let next = 0;
    for (const [n, one] of parsed.entries()) {
      if ('value' in one) this.#result(words[n]!.trim(), one.value, hypotheses[next++]!, examples?.[n]);
      else this.#failure(words[n]!, one.error);
    }
  }

  async writeFile(): Promise<void> {
    const { out } = this.#flags;
    if (out === undefined) return;
    if (this.#maps.length === 0) throw new UsageError(`there is no attention map to write to ${out}`);
    await writeMaps(this.#host, out, this.#maps);
    this.#host.output.note(`written to ${out}`);
  }

  #result(
    input: string,
    source: readonly string[],
    [best, ...others]: readonly Hypothesis[],
    example: Example | undefined,
  ): void {
    const { output } = this.#host;
    const { task } = this.#opened;
    const { output: symbols, weights, logProbability, finished } = best!;
    const text = task.format(symbols);
    output.event({
      event: 'result',
      input,
      output: text,
      inputSymbols: source,
      outputSymbols: symbols,
      weights: weights?.map((row) => Array.from(row, shortest)) ?? null,
      logProbability,
      finished,
      ...(others.length > 0 && {
        alternatives: others.map((other) => ({
          output: task.format(other.output),
          logProbability: other.logProbability,
        })),
      }),
      ...(example !== undefined && { expected: example.targets.map(task.format), correct: isRight(example, best!) }),
    });
    output.print(`${output.paint.bold(input)}  ${text}${this.#verdict(example, best!)}`);
    for (const other of others)
      output.print(`  or ${task.format(other.output)}  (log probability ${other.logProbability.toFixed(2)})`);
    if (weights === undefined) return;
    const map: AttentionMap = {
      weights,
      rowLabels: symbols,
      columnLabels: source,
      title: `${input} → ${text}`,
      rowAxis: 'output',
      columnAxis: 'input',
    };
    if (this.#flags.out !== undefined) this.#maps.push(map);
    if (!this.#flags.maps) return;
    output.maps([{ ...map, title: '' }]);
    output.print('');
  }

  #verdict(example: Example | undefined, best: Hypothesis): string {
    if (example === undefined) return '';
    const { paint } = this.#host.output;
    if (isRight(example, best)) return paint.green('  ✓');
    return paint.yellow(`  ✗ ${example.targets.map(this.#opened.task.format).join(' or ')}`);
  }

  #failure(input: string, error: unknown): void {
    this.failures++;
    const report = describeError(error);
    const { code, message, hint } = report;
    this.#host.output.event({ event: 'error', input, code, message, ...(hint !== undefined && { hint }) });
    this.#host.output.error(report);
  }
}

function attempt<T>(work: () => T): { value: T } | { error: unknown } {
  try {
    return { value: work() };
  } catch (error) {
    return { error };
  }
}
