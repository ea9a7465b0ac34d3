import { conductMutants } from './conduct.js';
import { extremeMutants } from './extremes.js';
import { gradientMutants } from './gradients.js';
import { hookMutants } from './hooks.js';
import { linearMutants } from './linear.js';
import { maskMutants } from './masks.js';
import { modelMutants } from './model.js';
import type { Mutant } from './mutant.js';
import { scoreMutants } from './scores.js';
import { weightMutants } from './weights.js';

export const MUTANTS: readonly Mutant[] = [
  ...scoreMutants,
  ...maskMutants,
  ...hookMutants,
  ...weightMutants,
  ...gradientMutants,
  ...extremeMutants,
  ...linearMutants,
  ...conductMutants,
  ...modelMutants,
];
