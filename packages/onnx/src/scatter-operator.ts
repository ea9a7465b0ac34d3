import { pathOfModelOp, tensorScatter, MODEL_OPS } from '@heed/core/model-ops';
import { cannot, checkAttributes, required, toTensor, type OperatorRun } from './mapping.js';
import type { OnnxCase } from './onnx-case.js';

const MODES = ['linear', 'circular'];

/**
 * ONNX's `TensorScatter` (opset 24) through Heed's `tensorScatter` on the selected backend.
 *
 * @returns the updated cache, which is the caller's to dispose
 * @throws HeedError INVALID_ARGUMENT, SHAPE_MISMATCH with what can't be mapped
 * @see https://onnx.ai/onnx/operators/onnx__TensorScatter.html
 */
export function runScatterOperator(test: OnnxCase<'TensorScatter'>): OperatorRun {
  checkAttributes(test, ['axis'], { texts: ['mode'] });
  const mode = test.texts?.['mode'] ?? 'linear';
  if (!MODES.includes(mode)) cannot(test, `mode '${mode}' is not one of ${MODES.join(', ')}`);
  const axis = test.attributes['axis'] ?? -2;
  const starts = test.inputs.write_indices?.data ?? 0;
  const [cache, update] = [toTensor(required(test, 'past_cache')), toTensor(required(test, 'update'))];
  try {
    const present_cache = tensorScatter(cache, update, { axis, starts, circular: mode === 'circular' });
    const path = pathOfModelOp(MODEL_OPS.tensorScatter);
    return { outputs: { present_cache }, path, reasons: path === 'fused' ? [] : ['the backend has no kernel for it'] };
  } finally {
    cache.dispose();
    update.dispose();
  }
}
