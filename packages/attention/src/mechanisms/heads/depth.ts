import * as v from 'valibot';

/** Which layer the mechanism is in, from 0. */
export const depth = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(10_000));

/** λ_init = 0.8 − 0.6·exp(−0.3·depth); Ye et al. 2024, arXiv:2410.05258, §2.1, whose layers count from 1. */
export const lambdaInit = (layer: number): number => 0.8 - 0.6 * Math.exp(-0.3 * layer);

/** ε of the norm of each head in the paper's code. */
export const HEAD_NORM_EPSILON = 1e-5;
