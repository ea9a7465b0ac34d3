import type { Passes } from './passes.js';

export const layerNorm: Passes<'layerNorm'> = (engine) => ({
  forward({ x: input, gain: gains, bias: biases }, { epsilon }) {
    const [rows, width] = input.shape as [number, number];
    const [x, gain, bias] = [input, gains, biases].map((tensor) => engine.floats(tensor));
    const normal = new Float32Array(x.length);
    const y = new Float32Array(x.length);
    const inverses = new Float32Array(rows);
    for (let n = 0; n < rows; n++) {
      const at = n * width;
      let mean = 0;
      for (let w = 0; w < width; w++) mean += x[at + w];
      mean /= width;
      let variance = 0;
      for (let w = 0; w < width; w++) variance += (x[at + w] - mean) ** 2;
      const inverse = 1 / Math.sqrt(variance / width + epsilon);
      inverses[n] = inverse;
      for (let w = 0; w < width; w++) {
        normal[at + w] = (x[at + w] - mean) * inverse;
        y[at + w] = normal[at + w] * gain[w] + bias[w];
      }
    }
    return {
      y: engine.output(input.shape, y),
      normal: engine.output(input.shape, normal),
      inverse: engine.output([rows, 1], inverses),
    };
  },

  backward({ gain: gains, normal: normals, inverse, dY: dOutput }) {
    const [rows, width] = normals.shape as [number, number];
    const [gain, normal, inverses, dY] = [gains, normals, inverse, dOutput].map((tensor) => engine.floats(tensor));
    const dX = new Float32Array(dY.length);
    const dGain = new Float64Array(width);
    const dBias = new Float64Array(width);
    for (let n = 0; n < rows; n++) {
      const at = n * width;
      let mean = 0;
      let along = 0;
      for (let w = 0; w < width; w++) {
        const d = dY[at + w];
        dBias[w] += d;
        dGain[w] += d * normal[at + w];
        mean += d * gain[w];
        along += d * gain[w] * normal[at + w];
      }
      mean /= width;
      along /= width;
      for (let w = 0; w < width; w++) {
        dX[at + w] = inverses[n] * (dY[at + w] * gain[w] - mean - normal[at + w] * along);
      }
    }
    return {
      dX: engine.output(normals.shape, dX),
      dGain: engine.output([width], Float32Array.from(dGain)),
      dBias: engine.output([width], Float32Array.from(dBias)),
    };
  },
});
