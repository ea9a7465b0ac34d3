import * as tf from '@tensorflow/tfjs-core';
import * as heed from '@heed/core';
import { Allocation, toBias, toMask } from '../algebra.js';
import type { ErrorCase, MalformedCall } from '../case.js';
import { drawBias, drawMask } from '../draw.js';
import { opOf } from '../ops/table.js';
import { Random } from '../random.js';
import type { Finding } from './session.js';

/** Makes the call, and checks the error that it throws and that it leaves no tensors behind. */
export async function runError({ call, code }: ErrorCase): Promise<Finding> {
  const allocation = new Allocation();
  try {
    const before = { ...tf.memory() };
    const tensors = Object.fromEntries(
      Object.entries(call.tensors).map(([name, { shape, dtype }]) => [
        name,
        allocation.keep(tf.zeros([...shape], dtype ?? 'float32')),
      ]),
    );
    const failures = [...thrownBy(() => invoke(call, tensors, allocation), code)];
    const gone = Object.values(tensors).filter(({ isDisposed }) => isDisposed).length;
    const left = tf.memory().numTensors - before.numTensors - allocation.size + gone;
    if (left !== 0) failures.push(`${left} tensors are left behind`);
    return { failures };
  } finally {
    allocation.dispose();
  }
}

function thrownBy(run: () => unknown, code: heed.ErrorCode): string[] {
  try {
    tf.dispose(run() as tf.TensorContainer);
  } catch (error) {
    if (heed.HeedError.isInstance(error, code)) return [];
    const what = heed.HeedError.isInstance(error) ? `HeedError ${error.code}` : String((error as Error)?.name ?? error);
    return [`threw ${what} (${String((error as Error)?.message)}), expected HeedError ${code}`];
  }
  return [`was accepted, expected HeedError ${code}`];
}

function invoke(call: MalformedCall, tensors: Record<string, tf.Tensor>, allocation: Allocation): unknown {
  const { mask, bias, table } = tensors;
  const random = new Random(0);
  const relative = table && heed.relativePosition(table, { align: 'top-left' });
  for (const name of call.disposed ?? []) tensors[name].dispose();
  return opOf(call).run(tensors, {
    ...call.options,
    ...(mask && { mask }),
    ...(bias && { bias }),
    ...(relative && { bias: relative }),
    ...(call.mask && { mask: toMask(drawMask(call.mask, random), allocation) }),
    ...(call.bias && { bias: toBias(drawBias(call.bias, random), (spec) => allocation.tensor(spec)) }),
  });
}
