import * as tf from '@tensorflow/tfjs-core';
import type { Op } from './ops/define.js';
import type { AnyRequest } from './request.js';
import { activeSelection } from './selections.js';

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
export function pathOf(op: Op, request: AnyRequest): Path {
  const engine = tf.getBackend();
  const selection = activeSelection();
  const where = { engine, backend: selection?.backend.name };
  const { batch, heads = 1, queries, keys, valueWidth } = request;
  const isBare = batch * heads * queries * keys === 0;
  if (isBare) {
    const path = (op.isEmpty?.(request) ?? true) ? 'empty' : 'composed';
    return { path, ...where, reasons: ['there are no queries or no keys'] };
  }
  if (valueWidth === 0) return { path: 'composed', ...where, reasons: ['the values have no width'] };
  if (selection === undefined) {
    return { path: 'composed', ...where, reasons: [`no Heed backend is selected on engine '${engine}'`] };
  }
  const reasons = selection.reasonsAgainst(op, request);
  return { path: reasons.length === 0 ? 'fused' : 'composed', ...where, reasons };
}
