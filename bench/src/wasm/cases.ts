import { answering } from '../decode/answering.js';
import { writing } from '../decode/writing.js';
import { startCommand } from '../start/command.js';
import { startPage } from '../start/page.js';
import { append } from './append.js';
import type { BenchCase } from './case.js';
import { forward, forwardSimd } from './forward.js';
import { hooks } from './hooks.js';
import { keras } from './keras.js';
import { linear } from './linear.js';
import { memory, peaks } from './memory.js';
import { pair } from './pair.js';
import {
  additiveShapes,
  composedLongAdditive,
  fusedLongAdditive,
  composedAdditive,
  composedDotProduct,
  composedWeighted,
  eightHeads,
  fusedAdditive,
  fusedDotProduct,
  fusedWeighted,
  withGradients,
} from '../computations.js';
import { sweep } from './sweep.js';
import { threads } from './threads.js';
import { training } from './training.js';

const FLOAT = 4;

export const CASES: readonly BenchCase[] = [
  forward('forward', 512),
  forwardSimd('forward-simd', 512),
  forward('forward-t32', 32),
  threads(),
  pair(
    'gradients',
    'dot-product attention forward and backward, B1 H8 T512 D64',
    [...eightHeads(512), [1, 8, 512, 64]],
    {
      fused: withGradients(fusedDotProduct),
      composed: withGradients(composedDotProduct),
      target: 10,
      forward: { compute: fusedDotProduct, most: 2.5 },
    },
  ),
  pair(
    'additive-gradients',
    'additive attention forward and backward, B64 T20 U128 Dv256',
    [...additiveShapes(64, 20), [64, 20, 256]],
    { fused: withGradients(fusedAdditive), composed: withGradients(composedAdditive), target: 12 },
  ),
  pair(
    'additive-gradients-long',
    'the same with a vector v four times as long as trained ones',
    [...additiveShapes(64, 20), [64, 20, 256]],
    { fused: withGradients(fusedLongAdditive), composed: withGradients(composedLongAdditive) },
  ),
  pair(
    'weighted-gradients',
    'softmax of given scores and their context, forward and backward, B1 H8 T512 D64',
    [
      [1, 8, 512, 512],
      [1, 8, 512, 64],
      [1, 8, 512, 64],
    ],
    { fused: withGradients(fusedWeighted), composed: withGradients(composedWeighted) },
  ),
  ...hooks,
  ...linear(),
  ...append,
  ...writing,
  ...answering,
  ...keras,
  ...training,
  startCommand(),
  startPage(),
  memory('additive-memory', 'additive attention, B8 T256 U128 Dv256', 'additive', additiveShapes(8, 256), {
    outputs: FLOAT * 8 * 256 * 256,
    most: 64,
  }),
  memory('memory', 'dot-product attention, B1 H8 T16384 D64', 'dot-product', eightHeads(16384), {
    outputs: FLOAT * 8 * 16384 * 64,
    most: 256,
  }),
  peaks(2048),
  sweep(),
];
