import type { Passes } from './passes.js';
import { columnSums, sumOf } from './row-sums.js';

export const addBias: Passes<'addBias'> = (engine) => ({
  forward: ({ x, bias }) => ({ y: engine.output(x.shape, sumOf(engine, [x], bias)) }),
  backward: ({ dY }) => ({ dX: engine.output(dY.shape, engine.floats(dY)), dBias: columnSums(engine, dY) }),
});

export const addResidual: Passes<'addResidual'> = (engine) => ({
  forward: ({ x, y, bias }) => ({ sum: engine.output(x.shape, sumOf(engine, [x, y], bias)) }),
  backward: ({ dSum }) => ({
    dX: engine.output(dSum.shape, engine.floats(dSum)),
    dY: engine.output(dSum.shape, engine.floats(dSum)),
    dBias: columnSums(engine, dSum),
  }),
});

export const tanhLayer: Passes<'tanhLayer'> = (engine) => ({
  forward({ terms, bias }) {
    const y = sumOf(engine, terms, bias);
    for (let n = 0; n < y.length; n++) y[n] = Math.tanh(y[n]);
    return { y: engine.output(terms[0].shape, y) };
  },

  backward({ y, dY }) {
    const outputs = engine.floats(y);
    const dTerms = engine.output(
      y.shape,
      engine.floats(dY).map((d, n) => d * (1 - outputs[n] * outputs[n])),
    );
    return { dTerms, dBias: columnSums(engine, dTerms) };
  },
});

export const rectifiedLayer: Passes<'rectifiedLayer'> = (engine) => ({
  forward({ x, bias }) {
    const y = sumOf(engine, [x], bias);
    for (let n = 0; n < y.length; n++) if (y[n] < 0) y[n] = 0;
    return { y: engine.output(x.shape, y) };
  },

  backward({ y, dY }) {
    const outputs = engine.floats(y);
    const dX = engine.output(
      y.shape,
      engine.floats(dY).map((d, n) => (outputs[n] > 0 ? d : 0)),
    );
    return { dX, dBias: columnSums(engine, dX) };
  },
});

export const maxoutLayer: Passes<'maxoutLayer'> = (engine) => ({
  forward({ terms, bias }) {
    const pieces = sumOf(engine, terms, bias);
    const [rows, doubled] = terms[0].shape as [number, number];
    const width = doubled / 2;
    const y = new Float32Array(rows * width);
    for (let n = 0; n < rows; n++) {
      for (let w = 0; w < width; w++) {
        y[n * width + w] = Math.max(pieces[n * doubled + w], pieces[n * doubled + width + w]);
      }
    }
    return { y: engine.output([rows, width], y), pieces: engine.output(terms[0].shape, pieces) };
  },

  backward({ pieces: saved, dY: dOutput }) {
    const [rows, doubled] = saved.shape as [number, number];
    const width = doubled / 2;
    const [pieces, dY] = [saved, dOutput].map((tensor) => engine.floats(tensor));
    const gradient = new Float32Array(rows * doubled);
    for (let n = 0; n < rows; n++) {
      for (let w = 0; w < width; w++) {
        const first = n * doubled + w;
        // A tie goes to the first, as in tf.maximum.
        gradient[pieces[first] >= pieces[first + width] ? first : first + width] = dY[n * width + w];
      }
    }
    const dTerms = engine.output(saved.shape, gradient);
    return { dTerms, dBias: columnSums(engine, dTerms) };
  },
});

export const squaredRelu: Passes<'squaredRelu'> = (engine) => ({
  forward: ({ x }) => ({
    y: engine.output(
      x.shape,
      engine.floats(x).map((value) => Math.max(0, value) ** 2),
    ),
  }),

  backward({ x, dY }) {
    const values = engine.floats(x);
    return {
      dX: engine.output(
        x.shape,
        engine.floats(dY).map((d, n) => 2 * Math.max(0, values[n]) * d),
      ),
    };
  },
});
