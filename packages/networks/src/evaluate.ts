import { checkOptions, type OptionNames } from '@heed/core';
import type { BeamOptions } from './decoding/beam.js';
import { breathe } from '@heed/nn';
import type { Hypothesis } from './decoding/hypothesis.js';
import { errorRates, monotonicity, outputErrors, type ErrorRates, type Example } from '@heed/metrics';
import type { EncoderDecoder } from './encoder-decoder.js';

/** What can be evaluated: a model, or any function from source to output. */
export type Predictor = Pick<EncoderDecoder, 'greedy' | 'beam'> | ((source: readonly string[]) => readonly string[]);

export interface EvaluateOptions {
  /** Beam search with these options; greedy search by default. */
  readonly beam?: BeamOptions;
  /** Stops between groups of examples; what was done until then is reported. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => void;
}

const OPTIONS: OptionNames<EvaluateOptions> = { beam: true, signal: true, onProgress: true };

export interface Evaluated<E extends Example = Example> {
  readonly example: E;
  readonly hypothesis: Hypothesis;
  /** Errors of the output, by the nearest reference. */
  readonly errors: number;
}

export interface EvaluationReport<E extends Example = Example> extends ErrorRates {
  /** Mean over the outputs, see `monotonicity`; absent without attention. */
  readonly monotonicity?: number;
  /** Outputs in the order of the examples. */
  readonly outputs: readonly Evaluated<E>[];
}

// Between progress reports and looks at the signal.
const GROUP = 256;

/**
 * Decodes the sources and compares with the targets.
 *
 * @throws HeedError UNKNOWN_OPTION, and as `greedy` and `beam` of the model
 */
export async function evaluate<E extends Example>(
  predictor: Predictor,
  examples: readonly E[],
  options: EvaluateOptions = {},
): Promise<EvaluationReport<E>> {
  checkOptions('evaluate', options, OPTIONS);
  const { beam, signal, onProgress } = options;
  const outputs: Evaluated<E>[] = [];
  for (let start = 0; start < examples.length; start += GROUP) {
    if (signal?.aborted === true) break;
    const group = examples.slice(start, start + GROUP);
    const hypotheses = await predict(
      predictor,
      group.map(({ source }) => source),
      beam,
    );
    outputs.push(...group.map((example, i) => evaluated(example, hypotheses[i])));
    onProgress?.({ done: outputs.length, total: examples.length });
    await breathe();
  }
  return report(outputs);
}

/** Report on outputs of examples, in the same order, wherever they were decoded. */
export const reportOf = <E extends Example>(
  examples: readonly E[],
  hypotheses: readonly Hypothesis[],
): EvaluationReport<E> => report(hypotheses.map((hypothesis, n) => evaluated(examples[n], hypothesis)));

const evaluated = <E extends Example>(example: E, hypothesis: Hypothesis): Evaluated<E> => ({
  example,
  hypothesis,
  errors: outputErrors(hypothesis.output, example.targets).errors,
});

function report<E extends Example>(outputs: readonly Evaluated<E>[]): EvaluationReport<E> {
  const walks = outputs.flatMap(({ hypothesis: { weights } }) => (weights && monotonicity(weights)) ?? []);
  return {
    ...errorRates(outputs.map(({ hypothesis, example }) => outputErrors(hypothesis.output, example.targets))),
    ...(walks.length > 0 && { monotonicity: walks.reduce((sum, tau) => sum + tau, 0) / walks.length }),
    outputs,
  };
}

async function predict(
  predictor: Predictor,
  sources: readonly (readonly string[])[],
  beam: BeamOptions | undefined,
): Promise<Hypothesis[]> {
  if (typeof predictor === 'function') return sources.map((source) => certain(predictor(source)));
  if (beam === undefined) return predictor.greedy(sources);
  return (await predictor.beam(sources, { ...beam, nBest: 1 })).map(([best]) => best!);
}

const certain = (output: readonly string[]): Hypothesis => ({
  output,
  logProbability: 0,
  score: 0,
  tokenLogProbabilities: output.map(() => 0),
  finished: true,
});
