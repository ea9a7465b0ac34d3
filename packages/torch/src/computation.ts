import * as tf from '@tensorflow/tfjs-core';
import { isRecording } from './engine.js';
import type { Converted } from './modules/definition.js';
import type { Variables } from './state/parameters.js';

/** What a module computes with its parameters as they are now. */
export interface Computation<Call> {
  /** Within a tidy. */
  current(): Call;
  /** Frees what is kept. */
  dispose(): void;
}

/**
 * A computation on converted parameters. Conversions are kept as long as the parameters stay what they are, for they take as long as a short
 * call; while gradients are taken they are made anew, as a part of what is differentiated.
 */
export function computationOf<Call>(
  parameters: Variables,
  convert: () => Converted,
  create: (converted: Converted) => Call,
): Computation<Call> {
  let kept: { readonly values: readonly object[]; readonly converted: Converted; readonly call: Call } | undefined;
  const forget = (): void => {
    if (kept !== undefined) tf.dispose(Object.values(kept.converted));
    kept = undefined;
  };
  return {
    current() {
      if (isRecording()) return create(convert());
      const values = Object.values(parameters).map(({ dataId }) => dataId); // another after each change
      if (kept?.values.every((value, n) => value === values[n])) return kept.call;
      forget();
      const converted = convert();
      const call = create(converted);
      const ours = Object.entries(converted).map(([key, x]) => [
        key,
        tf.keep(x instanceof tf.Variable ? x.clone() : x),
      ]);
      kept = { values, converted: Object.fromEntries(ours) as Converted, call };
      return kept.call;
    },
    dispose: forget,
  };
}
