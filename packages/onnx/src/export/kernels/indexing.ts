import * as tf from '@tensorflow/tfjs-core';
import { DATA_TYPES } from '../graph-writer.js';
import type { GraphType } from '../graph.js';
import { castTo } from './elementwise.js';
import { typeOf, type Call, type Kernels, type Operand } from './kernel.js';
import { axisOf, expand } from './layout.js';

/** Kernels that read and write at places that tensors tell. */
export const INDEXING: Kernels = {
  GatherV2: {
    infer({ x, indices }, { axis, batchDims }) {
      const info = tf.backend_util.segment_util.collectGatherOpShapeInfo(
        x as tf.Tensor,
        indices as tf.Tensor,
        axisOf(axis as number, x.shape.length),
        batchDims as number,
      );
      return [{ ...typeOf(x), shape: info.outputShape }];
    },
    write(call) {
      const { write, inputs, attribute } = call;
      const [x, indices] = inputs;
      const axis = axisOf(attribute('axis'), x.shape.length);
      const batchDims = axisOf(attribute('batchDims'), indices.shape.length);
      if (batchDims === 0) return [write.op('Gather', [x.name, castTo('int32', indices, call)], { axis })];
      if (batchDims !== axis) return call.refuse(`it gathers along axis ${axis} with ${batchDims} axes of batches`);
      const places = write.op('Unsqueeze', [asInt64(call, indices), write.integers([-1])]);
      return [write.op('GatherND', [x.name, places], { batch_dims: batchDims })];
    },
  },
  GatherNd: {
    infer({ params, indices }) {
      const rest = params.shape.slice(indices.shape.at(-1));
      return [{ ...typeOf(params), shape: [...indices.shape.slice(0, -1), ...rest] }];
    },
    write: (call) => [call.write.op('GatherND', [call.input('params').name, asInt64(call, call.input('indices'))])],
  },
  ScatterNd: {
    infer: ({ updates }, { shape }) => [{ ...typeOf(updates), shape: shape as number[] }],
    write: (call) => [addedAt(call, asInt64(call, call.input('indices')), call.input('updates'))],
  },
  UnsortedSegmentSum: {
    infer: ({ x, segmentIds }, { numSegments }) => [
      { ...typeOf(x), shape: [numSegments as number, ...x.shape.slice(segmentIds.shape.length)] },
    ],
    write(call) {
      const places = call.write.op('Unsqueeze', [asInt64(call, call.input('segmentIds')), call.write.integers([-1])]);
      return [addedAt(call, places, call.input('x'))];
    },
  },
  OneHot: {
    infer: ({ indices }, { depth, dtype }) => [
      { shape: [...indices.shape, depth as number], dtype: (dtype as GraphType | undefined) ?? 'float32' },
    ],
    write(call) {
      const { write, inputs, outputs, attribute } = call;
      const { dtype } = outputs[0];
      const depth = attribute<number>('depth');
      const classes = write.constant(
        'int32',
        [depth],
        Int32Array.from({ length: depth }, (_, n) => n),
      );
      const column = write.op('Unsqueeze', [castTo('int32', inputs[0], call), write.integers([-1])]);
      const [on, off] = ['onValue', 'offValue'].map((name) => write.scalar(dtype, attribute(name)));
      return [write.op('Where', [write.op('Equal', [column, classes]), on, off])];
    },
  },
};

const asInt64 = ({ write }: Call, { name }: Operand): string => write.op('Cast', [name], { to: DATA_TYPES.int64 });

/** Zeros in the shape of the call's output, to which updates are added. */
function addedAt(call: Call, places: string, updates: Operand): string {
  const { write, outputs } = call;
  const [{ dtype, shape }] = outputs;
  const zeros = expand(call, { name: write.scalar(dtype, 0), shape: [], dtype }, shape);
  return write.op('ScatterND', [zeros, places, updates.name], { reduction: 'add' });
}
