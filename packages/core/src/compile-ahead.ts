import * as tf from '@tensorflow/tfjs-core';
import { HeedError } from '@heed/base';
import { activeBackend } from './selections.js';

/**
 * Compiles what `work` will need on the backend in use before it's needed, without holding up the thread.
 *
 * A GPU's programs are compiled when they're first met, each while everything waits for it. Here they're begun together: `work` is called
 * once without anything being computed. It makes the tensors that it always makes, with no numbers in them, and what it leaves of them is
 * disposed of. What it assigns to variables is taken back. It has to return at once, and mustn't read numbers. Backends that compile nothing, or can't do so ahead, don't call it.
 *
 * @example
 * await compileAhead(() => model.apply(tf.zeros([1, 64, 128])));
 * @throws HeedError INVALID_ARGUMENT when `work` returns a promise, SYNCHRONOUS_READ when it reads numbers, DEVICE_ERROR, CONTEXT_LOST
 */
export async function compileAhead(work: () => unknown): Promise<void> {
  await activeBackend()?.compileAhead?.(() => keepingVariables(work));
}

function keepingVariables(work: () => unknown): void {
  const variables = Object.values(tf.engine().registeredVariables);
  // Another hold on their numbers, which also keeps kernels from writing over them.
  const kept = variables.map((variable) => tf.clone(variable));
  try {
    tf.tidy(() => refusePromise(work()));
  } finally {
    for (const [n, variable] of variables.entries()) {
      if (!variable.isDisposed && variable.dataId !== kept[n]!.dataId) variable.assign(kept[n]!);
    }
    tf.dispose(kept);
  }
}

function refusePromise(result: unknown): void {
  if (typeof (result as Partial<PromiseLike<unknown>> | null | undefined)?.then !== 'function') return;
  // It fails for reasons of its own, since nothing was computed.
  Promise.resolve(result).catch(() => undefined);
  throw new HeedError('INVALID_ARGUMENT', {
    message:
      'what compileAhead is to compile returned a promise, and what runs after it returned would really be computed',
    hint: 'pass a function that is not async and reads no numbers: a forward pass, or one with its gradients',
  });
}
