import { DATA_TYPES } from '../graph-writer.js';
import { isConstant, type Size } from '../sizes.js';
import type { GraphType } from '../graph.js';
import { typeOf, type Call, type Kernel, type Kernels } from './kernel.js';
import { expand } from './layout.js';

/** A tensor of one number. */
const filled = (valueOf: (call: Call) => number): Pick<Kernel, 'write'> => ({
  write(call) {
    const { write, outputs } = call;
    const [{ dtype, shape }] = outputs;
    return [expand(call, { name: write.scalar(dtype, valueOf(call)), shape: [], dtype }, shape)];
  },
});

/** Kernels that make tensors of no numbers but those of their attributes. */
export const MAKING: Kernels = {
  Fill: {
    infer: (_, { shape, dtype, value }) => [
      {
        shape: shape as number[],
        dtype: (dtype as GraphType | undefined) ?? (typeof value === 'boolean' ? 'bool' : 'float32'),
      },
    ],
    ...filled(({ attribute }) => Number(attribute('value'))),
  },
  ZerosLike: { infer: ({ x }) => [typeOf(x)], ...filled(() => 0) },
  OnesLike: { infer: ({ x }) => [typeOf(x)], ...filled(() => 1) },
  Range: {
    infer: (_, { start, stop, step, dtype }) => [
      { shape: [rangeLength(start as number, stop as number, step as number)], dtype: dtype as GraphType },
    ],
    write(call) {
      const { write, outputs, sizes } = call;
      const [{ dtype }] = outputs;
      const number = (name: string): string => {
        const [size] = sizes(({ attributes }) => [attributes[name] as number]);
        return scalarOf(call, size, dtype);
      };
      return [write.op('Range', ['start', 'stop', 'step'].map(number))];
    },
  },
};

/** A number of no axis in a type, which may depend on the free axes. */
function scalarOf(call: Pick<Call, 'write'>, size: Size, dtype: GraphType): string {
  const { write } = call;
  if (isConstant(size)) return write.scalar(dtype, size[0]);
  const whole = write.op('Squeeze', [write.size('a number', size), write.integers([0])]);
  return write.op('Cast', [whole], { to: DATA_TYPES[dtype] });
}

function rangeLength(start: number, stop: number, step: number): number {
  return Math.max(0, Math.ceil((stop - start) / step));
}
