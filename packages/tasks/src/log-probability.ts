/** Logarithm of a probability, finite for a probability of 0 too, since JSON has no −∞. */
export const logProbability = (probability: number): number => Math.log(Math.max(probability, Number.MIN_VALUE));
