import * as tf from '@tensorflow/tfjs-core';

/**
 * The only file of this package that touches inner parts of TensorFlow.js 4.22: the engine's scopes (`Tensor.scopeId`,
 * `Tensor.kept`, `EngineState.scopeStack`) and the names of its variables (`EngineState.registeredVariables`).
 */

/**
 * Lets a new tensor live as long as the one that it replaces: in the same open tidy, or, when that one outlives all of
 * them, until it is disposed. So an object that swaps its tensors inside an inner tidy isn't left with dead ones.
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

/** Whether a live variable has the name, which TensorFlow.js allows to no second one in a process. */
export function hasVariable(name: string): boolean {
  const taken: Readonly<Record<string, unknown>> = tf.engine().state.registeredVariables;
  return taken[name] != null;
}
