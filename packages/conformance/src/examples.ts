import { testedAdditive } from './ops/additive.js';
import { examplesOf } from './ops/define.js';
import { testedDotProduct } from './ops/dot-product.js';
import { testedLinear } from './ops/linear.js';
import { testedWeighted } from './ops/weighted.js';

/** Makes a small example of an op, from what differs from the op's plain one. */
export const dot = examplesOf(testedDotProduct);
export const add = examplesOf(testedAdditive);
export const weigh = examplesOf(testedWeighted);
export const linearly = examplesOf(testedLinear);

/** Both outputs besides the context, for cases that check everything. */
export const ALL_OUTPUTS = ['weights', 'logSumExp'] as const;
