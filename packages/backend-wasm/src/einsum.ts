import { backend_util, util, type KernelFunc, type Tensor, type TensorInfo } from '@tensorflow/tfjs-core';
import { HeedError } from '@heed/core';
import type { WasmEngine } from './engine.js';
import type { Kernels } from './wasm-module.js';
import { multiply } from './mat-mul-kernels.js';
import { withOutputs } from './outputs.js';

/** A tensor and the letters of its axes, as places in the list of all letters. */
interface Term {
  readonly tensor: TensorInfo;
  readonly letters: readonly number[];
}

/**
 * `tf.einsum`, which the engine lacks, of one or two tensors in float32: letters of only one operand are summed away, what is
 * left is a batch of matrix products, and its axes are brought into order.
 */
export function einsum(engine: WasmEngine, kernels: Kernels): KernelFunc {
  return ({ inputs, attrs }) => {
    const tensors = Object.values(inputs) as TensorInfo[];
    const { equation } = attrs as unknown as { equation: string };
    const { allDims, summedDims, idDims } = backend_util.decodeEinsumEquation(equation, tensors.length);
    backend_util.checkEinsumDimSizes(allDims.length, idDims, tensors as Tensor[]);
    if (tensors.some(({ dtype }) => dtype !== 'float32')) {
      throw new HeedError('DTYPE_UNSUPPORTED', {
        message: `einsum: the tensors are ${tensors.map(({ dtype }) => dtype).join(' and ')}`,
        hint: 'cast them to float32',
      });
    }
    const terms = tensors.map((tensor, n): Term => ({ tensor, letters: idDims[n] }));
    const lengths = allDims.map((_, letter) => lengthOf(terms, letter));
    const output = lengths.map((_, letter) => letter).filter((letter) => !summedDims.includes(letter));
    const shape = output.map((letter) => lengths[letter]);
    if (lengths.includes(0)) return zeros(engine, shape);

    const temporary: TensorInfo[] = [];
    const keep = (tensor: TensorInfo): TensorInfo => {
      temporary.push(tensor);
      return tensor;
    };
    try {
      const { tensor } = arrange(engine, contract(engine, kernels, terms, lengths, summedDims, keep), output, keep);
      // What was made last is the result, unless nothing had to be made.
      if (temporary.at(-1)?.dataId !== tensor.dataId) return engine.run('Identity', { x: tensor });
      temporary.pop();
      return tensor;
    } finally {
      for (const tensor of temporary) engine.release(tensor);
    }
  };
}

type Keep = (tensor: TensorInfo) => TensorInfo;

/** The product of the terms, whose axes are in any order; that of two has lost the summed letters already. */
function contract(
  engine: WasmEngine,
  kernels: Kernels,
  terms: readonly Term[],
  lengths: readonly number[],
  summed: readonly number[],
  keep: Keep,
): Term {
  const [a, b] = terms as [Term, Term?];
  if (b === undefined) return a;
  const both = a.letters.filter((letter) => b.letters.includes(letter));
  const onlyIn = (one: Term, other: Term): number[] =>
    one.letters.filter((letter) => !other.letters.includes(letter) && !summed.includes(letter));
  const batch = both.filter((letter) => !summed.includes(letter));
  const depth = both.filter((letter) => summed.includes(letter));
  const [rows, columns] = [onlyIn(a, b), onlyIn(b, a)];
  const matrices = (term: Term, first: readonly number[], second: readonly number[]): TensorInfo => {
    const { tensor } = arrange(engine, term, [...batch, ...first, ...second], keep);
    return { ...tensor, shape: [batch, first, second].map((group) => sizeOf(group, lengths)) };
  };
  const left = matrices(a, rows, depth);
  const right = matrices(b, depth, columns);
  const product = keep(multiply(engine, kernels, left, right, { transposeA: false, transposeB: false }));
  const letters = [...batch, ...rows, ...columns];
  return { tensor: { ...product, shape: letters.map((letter) => lengths[letter]) }, letters };
}

/** Sums away what isn't among `letters` and brings the rest in their order. */
function arrange(engine: WasmEngine, { tensor, letters: from }: Term, letters: readonly number[], keep: Keep): Term {
  let [current, order] = [tensor, from];
  const axis = from.flatMap((letter, at) => (letters.includes(letter) ? [] : [at]));
  if (axis.length > 0) {
    current = keep(engine.run('Sum', { x: current }, { axis, keepDims: false }));
    order = from.filter((letter) => letters.includes(letter));
  }
  const perm = letters.map((letter) => order.indexOf(letter));
  if (perm.some((at, n) => at !== n)) current = keep(engine.run('Transpose', { x: current }, { perm }));
  return { tensor: current, letters };
}

const lengthOf = (terms: readonly Term[], letter: number): number => {
  const term = terms.find(({ letters }) => letters.includes(letter))!;
  return term.tensor.shape[term.letters.indexOf(letter)];
};

const sizeOf = (letters: readonly number[], lengths: readonly number[]): number =>
  letters.reduce((size, letter) => size * lengths[letter], 1);

function zeros(engine: WasmEngine, shape: readonly number[]): TensorInfo {
  return withOutputs(engine, (make) => {
    const tensor = make(shape);
    new Float32Array(engine.memory.buffer, engine.address(tensor), util.sizeFromShape([...shape])).fill(0);
    return tensor;
  });
}
