import { eachPiece } from '@heed/core/model-ops';
import type { Passes } from './passes.js';

export const tensorScatter: Passes<'tensorScatter'> = (engine) => ({
  forward({ cache, update }, attributes) {
    const isOwn = attributes.inPlace && engine.isAlone(cache);
    const numbers = isOwn ? engine.floats(cache) : engine.floats(cache).slice();
    const values = engine.floats(update);
    eachPiece(cache.shape, attributes, (from, to, count) => numbers.set(values.subarray(from, from + count), to));
    return { present: isOwn ? engine.again(cache) : engine.output(cache.shape, numbers) };
  },

  backward({ dPresent }, attributes) {
    const { shape } = dPresent;
    const gradient = engine.floats(dPresent);
    const kept = gradient.slice();
    const { axis, steps } = attributes;
    const written = new Float32Array((gradient.length / shape[axis]) * steps);
    eachPiece(shape, attributes, (from, to, count) => {
      written.set(gradient.subarray(to, to + count), from);
      kept.fill(0, to, to + count);
    });
    return { dCache: engine.output(shape, kept), dUpdate: engine.output(shape.with(axis, steps), written) };
  },
});
