import { positionAt, type ReadingAttributes, type StepAttributes } from '@heed/core/model-ops';
import type { Passes } from './passes.js';

export const firstColumns: Passes<'firstColumns'> = (engine) => ({
  forward({ x }, { count, width }) {
    const rows = x.shape[0];
    const y = copyColumns(engine.floats(x), width, new Float32Array(rows * count), count, count);
    return { y: engine.output([rows, count], y) };
  },

  backward({ dY }, { count, width }) {
    const rows = dY.shape[0];
    const dX = copyColumns(engine.floats(dY), count, new Float32Array(rows * width), width, count);
    return { dX: engine.output([rows, width], dX) };
  },
});

function copyColumns(from: Float32Array, fromWidth: number, to: Float32Array, toWidth: number, count: number) {
  for (let n = 0, m = 0; n < from.length; n += fromWidth, m += toWidth) to.set(from.subarray(n, n + count), m);
  return to;
}

export const toPositions: Passes<'toPositions'> = (engine) => ({
  forward({ states }, attributes) {
    const { directions, lengths, time } = attributes;
    const units = states[0].shape[1];
    const values = states.map((state) => engine.floats(state));
    const shape = [lengths.length, time, directions.length * units];
    const memory = new Float32Array(lengths.length * time * directions.length * units);
    eachState(attributes, units, (input, from, to) => memory.set(values[input].subarray(from, from + units), to));
    return { memory: engine.output(shape, memory) };
  },

  backward({ dMemory }, attributes) {
    const { directions, lengths, time } = attributes;
    const units = dMemory.shape[2] / directions.length;
    const values = engine.floats(dMemory);
    const gradients = Array.from({ length: directions.length * time }, () => new Float32Array(lengths.length * units));
    eachState(attributes, units, (input, from, to) => gradients[input].set(values.subarray(to, to + units), from));
    return { dStates: gradients.map((gradient) => engine.output([lengths.length, units], gradient)) };
  },
});

/** Calls back with where each row's vector of each step lies: offset in the state, offset in the output. */
function eachState(
  { directions, lengths, time }: ReadingAttributes,
  units: number,
  copy: (input: number, from: number, to: number) => void,
): void {
  const width = directions.length * units;
  directions.forEach((direction, d) => {
    for (let t = 0; t < time; t++) {
      for (let b = 0; b < lengths.length; b++) {
        const p = positionAt(direction, lengths[b], t);
        if (p >= 0) copy(d * time + t, b * units, (b * time + p) * width + d * units);
      }
    }
  });
}

export const toSteps: Passes<'toSteps'> = (engine) => ({
  forward({ x }, attributes) {
    const [batch, time, width] = x.shape as [number, number, number];
    const values = engine.floats(x);
    const steps = new Float32Array(values.length);
    eachPosition(attributes, time, width, (at, step) => steps.set(values.subarray(at, at + width), step));
    return { steps: engine.output([time, batch, width], steps) };
  },

  backward({ dSteps }, attributes) {
    const [time, batch, width] = dSteps.shape as [number, number, number];
    const values = engine.floats(dSteps);
    const gradient = new Float32Array(values.length);
    eachPosition(attributes, time, width, (at, step) => gradient.set(values.subarray(step, step + width), at));
    return { dX: engine.output([batch, time, width], gradient) };
  },
});

/** Calls back with where each position's vector lies, and the step's that reads it. */
function eachPosition(
  { direction, lengths }: StepAttributes,
  time: number,
  width: number,
  copy: (position: number, step: number) => void,
): void {
  const batch = lengths.length;
  for (let b = 0; b < batch; b++) {
    for (let t = 0; t < lengths[b]; t++) {
      copy((b * time + positionAt(direction, lengths[b], t)) * width, (t * batch + b) * width);
    }
  }
}
