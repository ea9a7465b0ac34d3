import type { SequenceExample } from '@heed/datasets';
import { shortest, type AttentionMap } from '@heed/heatmap';
import type { Hypothesis, Seq2Seq } from '@heed/seq2seq';
import type { Answer } from './task.js';

/** An input with the symbols that a model is given of it. */
export type SequenceInput = Pick<SequenceExample, 'text' | 'source'>;

/** Searches with one beam greedily, with more for the best of them: per input the hypotheses, best first. */
export async function search(
  model: Seq2Seq,
  inputs: readonly SequenceInput[],
  beam: number,
): Promise<readonly Hypothesis[][]> {
  const sources = inputs.map(({ source }) => source);
  if (beam === 1) return (await model.greedy(sources)).map((hypothesis) => [hypothesis]);
  return model.beam(sources, { width: beam, nBest: beam });
}

/** The best hypothesis as an answer, with the map of its alignment. */
export function sequenceAnswer(
  { text, source }: SequenceInput,
  [best, ...others]: readonly Hypothesis[],
  format: (symbols: readonly string[]) => string,
): Answer {
  const { output: symbols, weights, logProbability, finished } = best!;
  const output = format(symbols);
  const map: AttentionMap | undefined = weights && {
    weights,
    rowLabels: symbols,
    columnLabels: source,
    title: `${text} → ${output}`,
    rowAxis: 'output',
    columnAxis: 'input',
  };
  return {
    output,
    alternatives: others.map((other) => ({
      output: format(other.output),
      logProbability: other.logProbability,
    })),
    maps: map === undefined ? [] : [map],
    details: {
      inputSymbols: source,
      outputSymbols: symbols,
      weights: weights?.map((row) => Array.from(row, shortest)) ?? null,
      logProbability,
      finished,
    },
  };
}
