import { createInterface } from 'node:readline';
import type { Example } from '@heed/datasets';
import { shortest, type AttentionMap } from '@heed/heatmap';
import type { Hypothesis } from '@heed/seq2seq';
import { useBackend } from '../backends.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import type { BackendFlag, CommonFlags } from '../flags.js';
import { describeError, writeError } from '../io/errors.js';
import { lineBatches } from '../io/lines.js';
import type { Output } from '../io/output.js';
import { drawMaps, mapFormat, writeMaps } from '../io/write-maps.js';
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

export async function run(
  output: Output,
  folder: string,
  words: readonly string[],
  flags: RunFlags,
): Promise<ExitCode> {
  checkSource(words, flags);
  if (flags.out !== undefined) mapFormat(flags.out);
  const backend = await useBackend(flags);
  const opened = await openModel(folder);
  const speaker = new Speaker(output, opened, flags);
  try {
    if (flags.interactive) {
      await converse(speaker, opened.task.example);
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
      for await (const batch of lineBatches(process.stdin, MOST_AT_ONCE)) {
        await speaker.say(batch.filter((line) => line.trim() !== ''));
        await output.drained();
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

function checkSource(words: readonly string[], { interactive, sample }: RunFlags): void {
  const sources = [
    words.length > 0 && 'words',
    interactive && '--interactive',
    sample !== undefined && '--sample',
  ].filter(Boolean);
  if (sources.length > 1) throw new UsageError(`${sources.join(' and ')} exclude one another`);
  if (sources.length === 0 && process.stdin.isTTY) {
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

async function converse(speaker: Speaker, example: string): Promise<void> {
  const lines = createInterface({
    input: process.stdin,
    output: process.stderr,
    prompt: `word (such as ${example}): `,
  });
  // Readline takes Ctrl-C for itself on a terminal.
  lines.on('SIGINT', () => lines.close());
  lines.prompt();
  for await (const line of lines) {
    if (line.trim() !== '') await speaker.say([line]);
    lines.prompt();
  }
  process.stderr.write('\n');
}

/** Runs the model on words and writes what comes out. */
class Speaker {
  failures = 0;
  readonly #maps: AttentionMap[] = [];
  readonly #output: Output;
  readonly #opened: OpenModel;
  readonly #flags: RunFlags;

  constructor(output: Output, opened: OpenModel, flags: RunFlags) {
    this.#output = output;
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
    await writeMaps(out, this.#maps);
    this.#output.note(`written to ${out}`);
  }

  #result(
    input: string,
    source: readonly string[],
    [best, ...others]: readonly Hypothesis[],
    example: Example | undefined,
  ): void {
    const output = this.#output;
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
    if (this.#flags.maps && !output.json) output.print(`${drawMaps([{ ...map, title: '' }])}\n`);
  }

  #verdict(example: Example | undefined, best: Hypothesis): string {
    if (example === undefined) return '';
    const { paint } = this.#output;
    if (isRight(example, best)) return paint.green('  ✓');
    return paint.yellow(`  ✗ ${example.targets.map(this.#opened.task.format).join(' or ')}`);
  }

  #failure(input: string, error: unknown): void {
    this.failures++;
    const { code, message, hint } = describeError(error);
    this.#output.event({ event: 'error', input, code, message, ...(hint !== undefined && { hint }) });
    writeError({ code, message, hint });
  }
}

function attempt<T>(work: () => T): { value: T } | { error: unknown } {
  try {
    return { value: work() };
  } catch (error) {
    return { error };
  }
}
