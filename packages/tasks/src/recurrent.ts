import type { SequenceDataset, SequenceExample } from '@heed/datasets';
import { shortest, type AttentionMap } from '@heed/heatmap';
import {
  evaluate,
  reportOf,
  type EvaluationReport,
  type Hypothesis,
  type recurrent,
  type Seq2Seq,
} from '@heed/networks';
import { sequenceEvidence } from './evidence.js';
import type { Answer, AnswerOptions, Judgement, JudgeOptions, Preset } from './task.js';

/** Input of a model of sequences: a text, with its source symbols. */
export type SequenceInput = Pick<SequenceExample, 'text' | 'source'>;

/**
 * Common parts of the tasks whose inputs and outputs are sequences of a recurrent model's own symbols.
 *
 * @param judgement turns the report of an evaluation into figures
 * @param format    turns the symbols of an output into text for people
 */
export const sequencing = <Example extends SequenceExample>(
  judgement: (report: EvaluationReport<Example>) => Judgement,
  format: (symbols: readonly string[]) => string,
) => ({
  options: ['beam'] as const,
  configure({ model }: Preset<typeof recurrent>, { sourceSymbols, targetSymbols }: SequenceDataset, seed: number) {
    return { ...model, sourceSymbols, targetSymbols, seed };
  },
  async outcomes(model: Seq2Seq, examples: readonly Example[], { beam = 1, ...options }: JudgeOptions = {}) {
    const { outputs } = await evaluate(model, examples, { ...options, ...(beam !== 1 && { beam: { width: beam } }) });
    return outputs.map(({ hypothesis }) => hypothesis);
  },
  figures: (examples: readonly Example[], outcomes: readonly Hypothesis[]) => judgement(reportOf(examples, outcomes)),
  write: ({ text }: SequenceInput) => text,
  async answer(model: Seq2Seq, inputs: readonly SequenceInput[], { beam = 1 }: AnswerOptions = {}) {
    const found = await search(model, inputs, beam);
    return inputs.map((input, n) => sequenceAnswer(input, found[n], format));
  },
});

/** Hypotheses for each input, best first: from a greedy search with one beam, from a beam search with more. */
async function search(
  model: Seq2Seq,
  inputs: readonly SequenceInput[],
  beam: number,
): Promise<readonly Hypothesis[][]> {
  const sources = inputs.map(({ source }) => source);
  if (beam === 1) return (await model.greedy(sources)).map((hypothesis) => [hypothesis]);
  return model.beam(sources, { width: beam, nBest: beam });
}

/** Answer with the best hypothesis as its output, and the map of its alignment. */
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
    evidence: sequenceEvidence(best!),
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
