/** Finite, as JSON needs it, for what is so improbable that its probability is 0, too. */
export const logProbability = (probability: number): number => Math.log(Math.max(probability, Number.MIN_VALUE));
