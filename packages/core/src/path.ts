import * as tf from '@tensorflow/tfjs-core';
import type { OpRequest } from './backend.js';
import { activeBackend } from './selections.js';

export interface Path {
  /** 'empty': there are no queries or no keys, so the answer is known. */
  readonly path: 'fused' | 'composed' | 'empty';
  readonly engine: string;
  /** The selected backend on this engine, if there is one. */
  readonly backend: string | undefined;
  /** Why the path is not 'fused'; `[]` when it is. */
  readonly reasons: readonly string[];
}

/** Which path a request takes on the engine in use. */
export function pathOf(request: OpRequest): Path {
  const engine = tf.getBackend();
  const backend = activeBackend();
  const where = { engine, backend: backend?.name };
  const { batch, queries, keys, valueWidth } = request;
  const heads = 'heads' in request ? request.heads : 1;
  if (batch * heads * queries * keys === 0) {
    return { path: 'empty', ...where, reasons: ['there are no queries or no keys'] };
  }
  if (valueWidth === 0) return { path: 'composed', ...where, reasons: ['the values have no width'] };
  if (backend === undefined) {
    return { path: 'composed', ...where, reasons: [`no Heed backend is selected on engine '${engine}'`] };
  }
  const reasons = backend.unsupportedReasons(request);
  return { path: reasons.length === 0 ? 'fused' : 'composed', ...where, reasons };
}
