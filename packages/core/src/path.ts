import * as tf from '@tensorflow/tfjs-core';
import type { OpRequest } from './backend.js';
import { canonicalShape } from './op-table.js';
import { activeBackend } from './selections.js';

export interface Path {
  /** 'empty': an axis has length 0, so the answer is known. */
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
  if (isEmpty(request)) return { path: 'empty', ...where, reasons: ['an axis is empty'] };
  if (backend === undefined) {
    return { path: 'composed', ...where, reasons: [`no Heed backend is selected on engine '${engine}'`] };
  }
  const reasons = backend.unsupportedReasons(request);
  return { path: reasons.length === 0 ? 'fused' : 'composed', ...where, reasons };
}

function isEmpty(request: OpRequest): boolean {
  return [...canonicalShape(request, 'context'), ...canonicalShape(request, 'value')].includes(0);
}
