import type { ModelKernels } from '@heed/core/model-ops';
import type { CpuEngine } from '../engine.js';

/** The backward pass is this one in the other direction, as the composed form calls it. */
export const rotaryEmbedding = (engine: CpuEngine): NonNullable<ModelKernels['rotaryEmbedding']> => ({
  forward({ x: input, cos: cosines, sin: sines }, { layout, direction, starts, rows }) {
    const [batch, heads, time, width] = input.shape as [number, number, number, number];
    const pairs = cosines.shape[1]!;
    const [x, cos, sin] = [input, cosines, sines].map((tensor) => engine.floats(tensor));
    const y = 2 * pairs === width ? new Float32Array(x.length) : x.slice();
    const [step, apart] = layout === 'half' ? [1, pairs] : [2, 1];
    for (let b = 0, at = 0; b < batch; b++) {
      for (let h = 0; h < heads; h++) {
        for (let t = 0; t < time; t++, at += width) {
          const from = pairs * (rows === undefined ? starts[b] + t : rows[b * time + t]);
          for (let i = 0, n = at; i < pairs; i++, n += step) {
            const c = cos[from + i];
            const s = direction * sin[from + i];
            y[n] = x[n] * c - x[n + apart] * s;
            y[n + apart] = x[n] * s + x[n + apart] * c;
          }
        }
      }
    }
    return { y: engine.output(input.shape, y) };
  },
});
