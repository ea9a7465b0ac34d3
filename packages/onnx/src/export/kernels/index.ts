import { ATTENTION_KERNELS } from './attention.js';
import { ELEMENTWISE } from './elementwise.js';
import { INDEXING } from './indexing.js';
import type { Kernels, Writers } from './kernel.js';
import { LAYOUT } from './layout.js';
import { LOOPS } from './loops.js';
import { MAKING } from './making.js';
import { MODEL_OP_KERNELS } from './model-ops.js';
import { PRODUCTS } from './products.js';
import { REDUCTIONS } from './reductions.js';

/** Kernels of TensorFlow.js that can be recorded. */
export const ENGINE_KERNELS: Kernels = {
  ...ELEMENTWISE,
  ...LAYOUT,
  ...REDUCTIONS,
  ...PRODUCTS,
  ...INDEXING,
  ...MAKING,
};

/** All kernels that a trace may hold. */
export const KERNELS: Writers = { ...ENGINE_KERNELS, ...ATTENTION_KERNELS, ...MODEL_OP_KERNELS, ...LOOPS };
