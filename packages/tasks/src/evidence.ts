import type { Hypothesis } from '@heed/networks';
import type { Evidence } from './task.js';

/**
 * Evidence of a sequence: log-odds of the whole, of a symbol of mean log-probability and of the least probable symbol; the logarithm
 * of its length, and whether it was cut off.
 */
export function sequenceEvidence({
  logProbability,
  tokenLogProbabilities: tokens,
  finished,
}: Pick<Hypothesis, 'logProbability' | 'tokenLogProbabilities' | 'finished'>): Evidence {
  const mean = tokens.reduce((sum, value) => sum + value, 0) / Math.max(1, tokens.length);
  const least = tokens.reduce((least, value) => Math.min(least, value), 0);
  const probability = Math.min(1, Math.exp(logProbability));
  return {
    probability,
    features: {
      logOdds: logOdds(probability),
      meanLogOdds: logOdds(Math.exp(mean)),
      leastLogOdds: logOdds(Math.exp(least)),
      logLength: Math.log1p(tokens.length),
      cutOff: Number(!finished),
    },
  };
}

/** Evidence of one output among all that are possible: the log-odds of its probability. */
export const choiceEvidence = (probability: number): Evidence => ({
  probability: Math.min(1, probability),
  features: { logOdds: logOdds(probability) },
});

/** Evidence of an answer of one name or several, which share what is probable. */
export const sharedEvidence = (
  answer: readonly string[],
  candidates: readonly { readonly answer: string; readonly probability: number }[],
): Evidence =>
  choiceEvidence(candidates.reduce((sum, one) => sum + (answer.includes(one.answer) ? one.probability : 0), 0));

/** Float32 says no less of how far a probability is from 0 and 1. */
const LEAST = 2 ** -24;

function logOdds(probability: number): number {
  const share = Math.min(Math.max(probability, LEAST), 1 - LEAST);
  return Math.log(share / (1 - share));
}
