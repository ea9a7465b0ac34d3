/// <reference lib="dom" />
import { util, type TensorInfo } from '@tensorflow/tfjs-core';
import type { EngineKernel } from '@heed/core';
import { modelKernels, type ModelKernels, type RowAttributes } from '@heed/core/model-ops';
import { activations } from './activations.js';
import { conv2d } from './conv2d.js';
import { elementDropout } from './element-dropout.js';
import type { WasmEngine } from './engine.js';
import { layers } from './layers.js';
import { heapLoops } from './model-loops.js';
import { rotaryKernel } from './rotary-kernel.js';
import { withOutputs, type MakeOutput } from './outputs.js';
import type { Kernels } from './wasm-module.js';

/** Kernels of core's model ops: those of the module, and loops over the heap for what is mostly a walk through lists. */
export const wasmModelKernels = (engine: WasmEngine, kernels: Kernels): EngineKernel[] =>
  modelKernels({
    ...moduleKernels(engine, kernels),
    ...heapLoops(engine, kernels),
    ...activations(engine, kernels),
    ...layers(engine, kernels),
    dropout: elementDropout(engine, kernels),
    rotaryEmbedding: rotaryKernel(engine, kernels),
    ...conv2d(engine, kernels),
  });

function moduleKernels(
  engine: WasmEngine,
  kernels: Kernels,
): Pick<ModelKernels, 'lstmGates' | 'gruReset' | 'gruUpdate' | 'layerNorm' | 'crossEntropy' | 'adam' | 'squareSum'> {
  const at = (tensor: TensorInfo): number => engine.address(tensor);
  const outputs = <T>(run: (make: MakeOutput) => T): T => withOutputs(engine, run);
  const set = (scalar: TensorInfo, value: number): void => {
    new Float32Array(engine.memory.buffer, at(scalar), 1)[0] = value;
  };

  /** Terms and rows' activity in memory, for the time of a call; 0 for no activity. */
  function withRows(
    terms: readonly TensorInfo[],
    { active }: RowAttributes,
    use: (terms: number, active: number) => void,
  ): void {
    if (terms.length === 0 && active === undefined) {
      use(0, 0);
      return;
    }
    const addresses = 4 * terms.length;
    engine.withScratch(addresses + (active?.length ?? 0), (scratch) => {
      engine.write(scratch, Uint32Array.from(terms, at));
      if (active !== undefined) engine.write(scratch + addresses, active);
      use(scratch, active === undefined ? 0 : scratch + addresses);
    });
  }

  return {
    lstmGates: {
      forward: ({ terms, state }, attributes) =>
        outputs((make) => {
          const [rows, units] = halved(state);
          const [next, gates] = [make(state.shape), make([rows, 5 * units])];
          withRows(terms, attributes, (sums, active) =>
            kernels.lstmGates(sums, terms.length, at(state), active, at(next), at(gates), rows, units),
          );
          return { next, gates };
        }),
      backward: ({ state, gates, dNext }, attributes) =>
        outputs((make) => {
          const [rows, units] = halved(state);
          const [dTerms, dState] = [make([rows, 4 * units]), make(state.shape)];
          withRows([], attributes, (_, active) =>
            kernels.lstmGatesGrad(at(state), at(gates), at(dNext), active, at(dTerms), at(dState), rows, units),
          );
          return { dTerms, dState };
        }),
    },
    gruReset: {
      forward: ({ terms, state }) =>
        outputs((make) => {
          const [rows, units] = state.shape as [number, number];
          const [opened, gates] = [make([rows, 2 * units]), make([rows, 2 * units])];
          withRows(terms, {}, (sums) =>
            kernels.gruReset(sums, terms.length, at(state), at(opened), at(gates), rows, units),
          );
          return { opened, gates };
        }),
      backward: ({ state, gates, dOpened }) =>
        outputs((make) => {
          const [rows, units] = state.shape as [number, number];
          const [dTerms, dState] = [make([rows, 2 * units]), make(state.shape)];
          kernels.gruResetGrad(at(state), at(gates), at(dOpened), at(dTerms), at(dState), rows, units);
          return { dTerms, dState };
        }),
    },
    gruUpdate: {
      forward: ({ terms, opened, state }, attributes) =>
        outputs((make) => {
          const [rows, units] = state.shape as [number, number];
          const [next, candidate] = [make(state.shape), make(state.shape)];
          withRows(terms, attributes, (sums, active) =>
            kernels.gruUpdate(sums, terms.length, at(opened), at(state), active, at(next), at(candidate), rows, units),
          );
          return { next, candidate };
        }),
      backward: ({ opened, state, candidate, dNext }, attributes) =>
        outputs((make) => {
          const [rows, units] = state.shape as [number, number];
          const [dTerms, dOpened, dState] = [make(state.shape), make(opened.shape), make(state.shape)];
          withRows([], attributes, (_, active) => {
            const from = [opened, state, candidate, dNext].map((tensor) => at(tensor));
            kernels.gruUpdateGrad(...from, active, at(dTerms), at(dOpened), at(dState), rows, units);
          });
          return { dTerms, dOpened, dState };
        }),
    },
    layerNorm: {
      forward: ({ x, gain, bias }, { epsilon }) =>
        outputs((make) => {
          const [rows, width] = x.shape as [number, number];
          const [y, normal, inverse] = [make(x.shape), make(x.shape), make([rows, 1])];
          const addresses = [x, gain, bias, y, normal, inverse].map((tensor) => at(tensor));
          kernels.layerNorm(...addresses, rows, width, epsilon);
          return { y, normal, inverse };
        }),
      backward: ({ gain, normal, inverse, dY }) =>
        outputs((make) => {
          const [rows, width] = normal.shape as [number, number];
          const [dX, dGain, dBias] = [make(normal.shape), make([width]), make([width])];
          const addresses = [gain, normal, inverse, dY, dX, dGain, dBias].map((tensor) => at(tensor));
          kernels.layerNormGrad(...addresses, rows, width);
          return { dX, dGain, dBias };
        }),
    },
    crossEntropy: {
      forward: ({ logits }, { ids, weights, smoothing }) =>
        outputs((make) => {
          const [rows, classes] = logits.shape as [number, number];
          const [loss, slopes] = [make([]), make(logits.shape)];
          engine.withScratch(8 * rows, (scratch) => {
            const weightsAt = scratch + 4 * rows;
            new Int32Array(engine.memory.buffer, scratch, rows).set(ids);
            new Float32Array(engine.memory.buffer, weightsAt, rows).set(weights);
            set(loss, kernels.crossEntropy(at(logits), scratch, weightsAt, smoothing, at(slopes), rows, classes));
          });
          return { loss, slopes };
        }),
    },
    adam: {
      forward: ({ value, gradient, mean, square }, { rate, epsilon, scale, beta1, beta2 }) =>
        outputs((make) => {
          const { shape } = value;
          const [nextValue, nextMean, nextSquare] = [make(shape), make(shape), make(shape)];
          const tensors = [value, gradient, mean, square, nextValue, nextMean, nextSquare];
          const addresses = tensors.map((tensor) => at(tensor));
          kernels.adam(...addresses, util.sizeFromShape(shape), rate, epsilon, scale, beta1, beta2);
          return { nextValue, nextMean, nextSquare };
        }),
    },
    squareSum: {
      forward: ({ tensors }) =>
        outputs((make) => {
          const sum = make([]);
          const squares = tensors.map((x) => kernels.squareSum(at(x), util.sizeFromShape(x.shape)));
          set(
            sum,
            squares.reduce((total, square) => total + square, 0),
          );
          return { sum };
        }),
    },
  };
}

/** Rows and units of an LSTM's state [B, 2H]. */
const halved = ({ shape }: TensorInfo): [number, number] => [shape[0], util.sizeFromShape(shape.slice(1)) / 2];
