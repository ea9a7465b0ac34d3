import type { AttentionBackend } from '@heed/core';
import type { EncoderDecoder, LanguageModel } from '@heed/networks';
import type { ModelOf } from '@heed/nn';
import type { Host } from '../host.js';
import { significant } from '../io/numbers.js';
import { openModel, type OpenModel } from '../model.js';
import type { Timing } from '../timing.js';
import { UsageError } from '../usage-error.js';
import { beside, enter, fastestOf, takeTurns } from './turns.js';

interface Writing {
  /** Symbols that a turn writes at least. */
  readonly symbols: number;
  readonly rounds: number;
  /** Seed of the symbols that are drawn. */
  readonly seed: number;
}

/** A way to write with a model. */
interface Way {
  readonly cache: boolean;
  /** Writes one text, and says how many symbols it has, its end included. */
  write(seed: number): Promise<number>;
}

/** Times how fast backends write with a model, symbol by symbol, with what was computed for earlier ones and without, and tells. */
export async function benchDecode(
  host: Host,
  backends: readonly AttentionBackend[],
  run: string,
  { symbols, rounds, seed }: Writing,
): Promise<void> {
  const { output } = host;
  const opened: OpenModel[] = [];
  try {
    const entrants: { readonly backend: AttentionBackend; readonly way: Way }[] = [];
    for (const backend of backends) {
      await enter(backend);
      // Parameters are on the engine that they were read on.
      const one = await openModel(host, run);
      opened.push(one);
      for (const way of waysOf(one, run, symbols)) entrants.push({ backend, way });
    }
    const contenders = entrants.map(({ backend, way }) => ({ backend, turn: () => timeOf(way, symbols, seed) }));
    const title = `${run}, symbols a second`;
    const times = await takeTurns(output, title, contenders, rounds);
    const fastest = fastestOf(times);
    const lines = entrants.map(({ backend: { name, capabilities }, way: { cache } }, n) => {
      const { simd, threads } = capabilities;
      const time = times[n];
      const { ms, low, high } = time;
      const symbolsPerSecond = 1000 / ms;
      output.event({
        event: 'decode',
        model: run,
        backend: name,
        simd,
        threads,
        cache,
        symbolsPerSecond,
        ms,
        low,
        high,
      });
      const how = cache ? 'with cache' : 'without cache';
      return `  ${name.padEnd(9)} ${how.padEnd(14)} ${rateOf(time).padEnd(26)} ${beside(time, fastest, output)}`;
    });
    output.print([output.paint.bold(title), ...lines].join('\n'));
  } finally {
    for (const { model } of opened) model.dispose();
  }
}

/** Milliseconds that a symbol takes: texts are written, one after the other, until there are as many symbols as wanted. */
async function timeOf({ write }: Way, symbols: number, seed: number): Promise<number> {
  let written = 0;
  const start = performance.now();
  for (let text = 0; written < symbols; text++) written += await write(seed + text);
  return (performance.now() - start) / written;
}

/** @throws UsageError for a model that writes nothing */
function waysOf({ model, task }: OpenModel, run: string, symbols: number): Way[] {
  if (isLanguageModel(model)) {
    const { symbols: prompt } = task.parse(task.example) as { readonly symbols: readonly string[] };
    return [true, false].map((cache) => ({
      cache,
      async write(seed) {
        let written = 0;
        for await (const _ of model.generate(prompt, { seed, length: symbols, cache })) written++;
        return written;
      },
    }));
  }
  if (isEncoderDecoder(model)) {
    const { source } = task.parse(task.example) as { readonly source: readonly string[] };
    return [{ cache: true, write: async () => (await model.greedy([source]))[0].tokenLogProbabilities.length }];
  }
  throw new UsageError(
    `${run} has a ${model.config.kind} model, which writes nothing`,
    '--decode is for models that write: g2p, translate, generate',
  );
}

const isLanguageModel = (model: ModelOf): model is ModelOf & LanguageModel => 'generate' in model;
const isEncoderDecoder = (model: ModelOf): model is ModelOf & EncoderDecoder => 'greedy' in model;

/** "1230 a second (1100–1300)" */
const rateOf = ({ ms, low, high }: Timing): string => {
  const [rate, least, most] = [ms, high, low].map((time) => significant(1000 / time));
  return `${rate} a second (${least}–${most})`;
};
