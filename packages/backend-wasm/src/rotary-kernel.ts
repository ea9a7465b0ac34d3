import type { ModelKernels } from '@heed/core/model-ops';
import type { WasmEngine } from './engine.js';
import type { ModelExports } from './model-exports.js';
import { withOutputs } from './outputs.js';

/** Which row of the tables position 0 has is an argument of its own, unless batch rows are at different ones. */
export const rotaryKernel = (
  engine: WasmEngine,
  { rotaryEmbedding }: Pick<ModelExports, 'rotaryEmbedding'>,
): NonNullable<ModelKernels['rotaryEmbedding']> => ({
  forward: ({ x, cos, sin }, { layout, direction, starts, rows }) =>
    withOutputs(engine, (make) => {
      const y = make(x.shape);
      const [batch, heads, time, width] = x.shape as [number, number, number, number];
      const addresses = [x, cos, sin, y].map((tensor) => engine.address(tensor));
      const inHalves = Number(layout === 'half');
      const turn = (start: number, rowsAt: number): void => {
        const numbers = [...addresses, batch, heads, time, width, cos.shape[1]!, inHalves, direction, start, rowsAt];
        engine.call(rotaryEmbedding, numbers, [numbers.length - 2]);
      };
      if (rows === undefined && starts.every((start) => start === starts[0])) {
        turn(starts[0], 0);
        return { y };
      }
      const all =
        rows ?? Int32Array.from({ length: batch * time }, (_, n) => starts[Math.floor(n / time)] + (n % time));
      engine.withScratch(all.byteLength, (scratch) => {
        engine.write(scratch, all, true);
        turn(0, scratch);
      });
      return { y };
    }),
});
