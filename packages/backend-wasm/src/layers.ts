import { util, type TensorInfo } from '@tensorflow/tfjs-core';
import type { ModelKernels } from '@heed/core/model-ops';
import type { WasmEngine } from './engine.js';
import type { ModelExports } from './model-exports.js';
import { withOutputs, type MakeOutput } from './outputs.js';

type Layers =
  | 'addBias'
  | 'addResidual'
  | 'tanhLayer'
  | 'rectifiedLayer'
  | 'maxoutLayer'
  | 'squaredRelu'
  | 'firstColumns';

/** Layers with a bias and what is next to them, by functions of the module. */
export function layers(engine: WasmEngine, kernels: ModelExports): Pick<ModelKernels, Layers> {
  const at = (tensor: TensorInfo): number => engine.address(tensor);
  const all = (...tensors: readonly TensorInfo[]): number[] => tensors.map(at);
  const outputs = <T>(run: (make: MakeOutput) => T): T => withOutputs(engine, run);
  const columnSums = (make: MakeOutput, x: TensorInfo): TensorInfo => {
    const [rows, width] = sizesOf(x);
    const sums = make([width]);
    kernels.columnSums(at(x), at(sums), rows, width);
    return sums;
  };

  /** Addresses of terms in memory, for the time of a call. */
  const withTerms = (terms: readonly TensorInfo[], use: (address: number, count: number) => void): void =>
    engine.withScratch(4 * terms.length, (scratch) => {
      engine.write(scratch, Uint32Array.from(terms, at));
      use(scratch, terms.length);
    });

  return {
    addBias: {
      forward: ({ x, bias }) =>
        outputs((make) => {
          const y = make(x.shape);
          kernels.addBias(...all(x, bias, y), ...sizesOf(x));
          return { y };
        }),
      backward: ({ dY }) => outputs((make) => ({ dBias: columnSums(make, dY), dX: engine.again(dY) })),
    },
    addResidual: {
      forward: ({ x, y, bias }) =>
        outputs((make) => {
          const sum = make(x.shape);
          kernels.addResidual(...all(x, y, bias, sum), ...sizesOf(x));
          return { sum };
        }),
      backward: ({ dSum }) =>
        outputs((make) => ({ dBias: columnSums(make, dSum), dX: engine.again(dSum), dY: engine.again(dSum) })),
    },
    tanhLayer: {
      forward: ({ terms, bias }) =>
        outputs((make) => {
          const y = make(terms[0].shape);
          withTerms(terms, (sums, count) => kernels.tanhLayer(sums, count, ...all(bias, y), ...sizesOf(y)));
          return { y };
        }),
      backward: ({ y, dY }) =>
        outputs((make) => {
          const [rows, width] = sizesOf(y);
          const [dTerms, dBias] = [make(y.shape), make([width])];
          kernels.tanhLayerGrad(...all(y, dY, dTerms, dBias), rows, width);
          return { dTerms, dBias };
        }),
    },
    rectifiedLayer: {
      forward: ({ x, bias }) =>
        outputs((make) => {
          const y = make(x.shape);
          kernels.rectifiedLayer(...all(x, bias, y), ...sizesOf(x));
          return { y };
        }),
      backward: ({ y, dY }) =>
        outputs((make) => {
          const [rows, width] = sizesOf(y);
          const [dX, dBias] = [make(y.shape), make([width])];
          kernels.rectifiedLayerGrad(...all(y, dY, dX, dBias), rows, width);
          return { dX, dBias };
        }),
    },
    maxoutLayer: {
      forward: ({ terms, bias }) =>
        outputs((make) => {
          const [rows, doubled] = sizesOf(terms[0]);
          const [y, pieces] = [make([rows, doubled / 2]), make(terms[0].shape)];
          withTerms(terms, (sums, count) => kernels.maxoutLayer(sums, count, ...all(bias, y, pieces), ...sizesOf(y)));
          return { y, pieces };
        }),
      backward: ({ pieces, dY }) =>
        outputs((make) => {
          const [dTerms, dBias] = [make(pieces.shape), make(pieces.shape.slice(1))];
          kernels.maxoutLayerGrad(...all(pieces, dY, dTerms, dBias), ...sizesOf(dY));
          return { dTerms, dBias };
        }),
    },
    squaredRelu: {
      forward: ({ x }) =>
        outputs((make) => {
          const y = make(x.shape);
          kernels.squaredRelu(at(x), at(y), util.sizeFromShape(x.shape));
          return { y };
        }),
      backward: ({ x, dY }) =>
        outputs((make) => {
          const dX = make(x.shape);
          kernels.squaredReluGrad(at(x), at(dY), at(dX), util.sizeFromShape(x.shape));
          return { dX };
        }),
    },
    firstColumns: {
      forward: ({ x }, { count, width }) =>
        outputs((make) => {
          const rows = x.shape[0];
          const y = make([rows, count]);
          kernels.copyColumns(at(x), at(y), rows, width, count);
          return { y };
        }),
      backward: ({ dY }, { count, width }) =>
        outputs((make) => {
          const rows = dY.shape[0];
          const dX = make([rows, width]);
          kernels.copyColumns(at(dY), at(dX), rows, count, width);
          return { dX };
        }),
    },
  };
}

/** Rows, and their width. */
const sizesOf = ({ shape }: TensorInfo): [number, number] => shape as [number, number];
