import * as tf from '@tensorflow/tfjs-core';

/**
 * Lets a new tensor live as long as the one that it replaces: in the same open tidy, or, when that one outlives all of
 * them, until it is disposed. So an object that swaps its tensors inside an inner tidy isn't left with dead ones.
 *
 * This is the only place that reads the engine's scopes (`@tensorflow/tfjs-core` 4.22.0: `Tensor.scopeId`, `Tensor.kept`
 * and `EngineState.scopeStack`).
 */
export function liveLike<T extends tf.Tensor>(replacement: T, replaced: tf.Tensor): T {
  const { activeScope: here, scopeStack } = tf.engine().state;
  if (here == null || replacement.scopeId !== here.id) return replacement;
  const home = replaced.kept ? undefined : scopeStack.find((scope) => scope.id === replaced.scopeId);
  if (home === undefined) return tf.keep(replacement);
  if (home !== here) {
    here.track.splice(here.track.lastIndexOf(replacement), 1);
    home.track.push(replacement);
    replacement.scopeId = home.id;
  }
  return replacement;
}
