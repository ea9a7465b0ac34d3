/// <reference lib="dom" />
import { util, type TensorInfo } from '@tensorflow/tfjs-core';
import {
  MODEL_KERNELS,
  type AdamAttributes,
  type EngineKernel,
  type RowAttributes,
  type TargetAttributes,
} from '@heed/core';
import type { WasmEngine } from './engine.js';
import { withOutputs, type MakeOutput } from './outputs.js';

/** Functions of assembly/recurrent.ts, cross-entropy.ts and adam.ts; most arguments are addresses and counts. */
export interface ModelKernels {
  lstmGates(...addresses: number[]): void;
  lstmGatesGrad(...addresses: number[]): void;
  gruReset(...addresses: number[]): void;
  gruResetGrad(...addresses: number[]): void;
  gruUpdate(...addresses: number[]): void;
  gruUpdateGrad(...addresses: number[]): void;
  crossEntropy(
    logits: number,
    ids: number,
    weights: number,
    smoothing: number,
    dLogits: number,
    rows: number,
    classes: number,
  ): number;
  /** Seven addresses, a count, then the attributes: rate, epsilon, scale, beta1, beta2. */
  adam(...numbers: number[]): void;
  squareSum(x: number, count: number): number;
}

/** The kernels of core's `MODEL_KERNELS`, as specified there. */
export function modelKernels(engine: WasmEngine, kernels: ModelKernels): EngineKernel[] {
  const at = (tensor: TensorInfo): number => engine.address(tensor);

  const set = (scalar: TensorInfo, value: number): void => {
    new Float32Array(engine.memory.buffer, at(scalar), 1)[0] = value;
  };

  function kernel<A extends object = RowAttributes>(
    kernelName: string,
    run: (inputs: TensorInfo[], attributes: A, make: MakeOutput) => TensorInfo[],
  ): EngineKernel {
    return {
      kernelName,
      kernelFunc: ({ inputs, attrs }) =>
        withOutputs(engine, (make) => run(Object.values(inputs) as TensorInfo[], (attrs ?? {}) as unknown as A, make)),
    };
  }

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
      new Uint32Array(engine.memory.buffer, scratch, terms.length).set(terms.map((term) => at(term)));
      if (active !== undefined) new Uint8Array(engine.memory.buffer, scratch + addresses, active.length).set(active);
      use(scratch, active === undefined ? 0 : scratch + addresses);
    });
  }

  return [
    kernel(MODEL_KERNELS.lstmGates, (inputs, attributes, make) => {
      const [terms, [state]] = split(inputs, 1) as [TensorInfo[], [TensorInfo]];
      const [rows, units] = halved(state);
      const [next, gates] = [make(state.shape), make([rows, 5 * units])];
      withRows(terms, attributes, (sums, active) =>
        kernels.lstmGates(sums, terms.length, at(state), active, at(next), at(gates), rows, units),
      );
      return [next, gates];
    }),
    kernel(MODEL_KERNELS.lstmGatesGrad, (inputs, attributes, make) => {
      const [state, gates, dNext] = inputs as [TensorInfo, TensorInfo, TensorInfo];
      const [rows, units] = halved(state);
      const [dTerms, dState] = [make([rows, 4 * units]), make(state.shape)];
      withRows([], attributes, (_, active) =>
        kernels.lstmGatesGrad(at(state), at(gates), at(dNext), active, at(dTerms), at(dState), rows, units),
      );
      return [dTerms, dState];
    }),
    kernel(MODEL_KERNELS.gruReset, (inputs, _, make) => {
      const [terms, [state]] = split(inputs, 1) as [TensorInfo[], [TensorInfo]];
      const [rows, units] = state.shape as [number, number];
      const [opened, gates] = [make([rows, 2 * units]), make([rows, 2 * units])];
      withRows(terms, {}, (sums) =>
        kernels.gruReset(sums, terms.length, at(state), at(opened), at(gates), rows, units),
      );
      return [opened, gates];
    }),
    kernel(MODEL_KERNELS.gruResetGrad, (inputs, _, make) => {
      const [state, gates, dOpened] = inputs as [TensorInfo, TensorInfo, TensorInfo];
      const [rows, units] = state.shape as [number, number];
      const [dTerms, dState] = [make([rows, 2 * units]), make(state.shape)];
      kernels.gruResetGrad(at(state), at(gates), at(dOpened), at(dTerms), at(dState), rows, units);
      return [dTerms, dState];
    }),
    kernel(MODEL_KERNELS.gruUpdate, (inputs, attributes, make) => {
      const [terms, [opened, state]] = split(inputs, 2) as [TensorInfo[], [TensorInfo, TensorInfo]];
      const [rows, units] = state.shape as [number, number];
      const [next, candidate] = [make(state.shape), make(state.shape)];
      withRows(terms, attributes, (sums, active) =>
        kernels.gruUpdate(sums, terms.length, at(opened), at(state), active, at(next), at(candidate), rows, units),
      );
      return [next, candidate];
    }),
    kernel(MODEL_KERNELS.gruUpdateGrad, (inputs, attributes, make) => {
      const [opened, state, candidate, dNext] = inputs as [TensorInfo, TensorInfo, TensorInfo, TensorInfo];
      const [rows, units] = state.shape as [number, number];
      const [dTerms, dOpened, dState] = [make(state.shape), make(opened.shape), make(state.shape)];
      withRows([], attributes, (_, active) => {
        const from = [opened, state, candidate, dNext].map((tensor) => at(tensor));
        kernels.gruUpdateGrad(...from, active, at(dTerms), at(dOpened), at(dState), rows, units);
      });
      return [dTerms, dOpened, dState];
    }),
    kernel<TargetAttributes>(MODEL_KERNELS.crossEntropy, ([logits], { ids, weights, smoothing }, make) => {
      const [rows, classes] = logits!.shape as [number, number];
      const [loss, dLogits] = [make([]), make(logits!.shape)];
      engine.withScratch(8 * rows, (scratch) => {
        const weightsAt = scratch + 4 * rows;
        new Int32Array(engine.memory.buffer, scratch, rows).set(ids);
        new Float32Array(engine.memory.buffer, weightsAt, rows).set(weights);
        const sum = kernels.crossEntropy(at(logits!), scratch, weightsAt, smoothing, at(dLogits), rows, classes);
        set(loss, sum);
      });
      return [loss, dLogits];
    }),
    kernel<AdamAttributes>(MODEL_KERNELS.adam, (inputs, { rate, epsilon, scale, beta1, beta2 }, make) => {
      const { shape } = inputs[0];
      const outputs = [make(shape), make(shape), make(shape)];
      const addresses = [...inputs, ...outputs].map((tensor) => at(tensor));
      kernels.adam(...addresses, util.sizeFromShape(shape), rate, epsilon, scale, beta1, beta2);
      return outputs;
    }),
    kernel(MODEL_KERNELS.squareSum, (inputs, _, make) => {
      const sum = make([]);
      set(
        sum,
        inputs.reduce((total, x) => total + kernels.squareSum(at(x), util.sizeFromShape(x.shape)), 0),
      );
      return [sum];
    }),
  ];
}

/** The terms, and the last `count` inputs. */
const split = (inputs: readonly TensorInfo[], count: number): [TensorInfo[], TensorInfo[]] => [
  inputs.slice(0, -count),
  inputs.slice(-count),
];

/** Rows and units of an LSTM's state [B, 2H]. */
const halved = ({ shape }: TensorInfo): [number, number] => [shape[0], util.sizeFromShape(shape.slice(1)) / 2];
