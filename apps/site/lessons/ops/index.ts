import { additive } from './additive.js';
import type { Computation } from './computation.js';
import { cost } from './cost.js';
import { dotProduct } from './dot-product.js';
import { mean } from './mean.js';
import { multiHead } from './multi-head.js';
import { output } from './output.js';
import { sentinel } from './sentinel.js';
import { softmax } from './softmax.js';

/** What steps of the lessons can compute, by the names that their pages use. */
export const COMPUTATIONS: Readonly<Record<string, Computation>> = {
  mean,
  softmax,
  additive,
  output,
  'dot-product': dotProduct,
  'multi-head': multiHead,
  sentinel,
  cost,
};
