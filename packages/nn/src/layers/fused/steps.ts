import * as tf from '@tensorflow/tfjs-core';
import { fusedOp } from './fused-op.js';

/** Which way a recurrent layer reads. Backward starts at each row's own end, so padding is never read first. */
export type Direction = 'forward' | 'backward';

/** The position that a row of the given length reads at step t, or −1 past its end. */
export function positionAt(direction: Direction, length: number, t: number): number {
  if (t >= length) return -1;
  return direction === 'forward' ? t : length - 1 - t;
}

/**
 * From one vector per step to one per position: out[b, p, :] is the concatenation over the directions of the vectors after
 * the step that read p; 0 past a row's end.
 *
 * @param states of each direction, per step [B, units]
 * @returns [B, T, directions·units]
 */
export function toPositions(
  states: Readonly<Partial<Record<Direction, readonly tf.Tensor2D[]>>>,
  lengths: Int32Array,
): tf.Tensor3D {
  const entries = Object.entries(states) as [Direction, readonly tf.Tensor2D[]][];
  const time = entries[0][1].length;
  const batch = lengths.length;
  const inputs = entries.flatMap(([, steps]) => steps);
  const units = inputs[0].shape[1];
  const width = entries.length * units;
  /** Calls back with where each row's vector of each step lies: offset in the state, offset in the output. */
  function eachRow(copy: (input: number, from: number, to: number) => void): void {
    entries.forEach(([direction], d) => {
      for (let t = 0; t < time; t++) {
        const input = d * time + t;
        for (let b = 0; b < batch; b++) {
          const p = positionAt(direction, lengths[b], t);
          if (p >= 0) copy(input, b * units, (b * time + p) * width + d * units);
        }
      }
    });
  }
  return fusedOp(inputs, {
    shape: [batch, time, width],
    composed: () =>
      tf.concat(
        entries.map(([direction, steps]) =>
          tf.matMul(selection(direction, lengths, time), tf.stack([...steps], 1), true, false),
        ),
        2,
      ),
    host(...values) {
      const output = new Float32Array(batch * time * width);
      eachRow((input, from, to) => output.set(values[input].subarray(from, from + units), to));
      return {
        output,
        backward(dOutput) {
          const gradients = values.map((value) => new Float32Array(value.length));
          eachRow((input, from, to) => gradients[input].set(dOutput.subarray(to, to + units), from));
          return gradients;
        },
      };
    },
  });
}

/** The other way: x [B, T, W] → [T, B, W], step t of row b being what the direction reads then; 0 past a row's end. */
export function toSteps(x: tf.Tensor3D, direction: Direction, lengths: Int32Array): tf.Tensor3D {
  const [batch, time, width] = x.shape;
  function eachRow(copy: (position: number, step: number) => void): void {
    for (let b = 0; b < batch; b++) {
      for (let t = 0; t < lengths[b]; t++) {
        copy((b * time + positionAt(direction, lengths[b], t)) * width, (t * batch + b) * width);
      }
    }
  }
  return fusedOp([x], {
    shape: [time, batch, width],
    composed: () => tf.transpose(tf.matMul(selection(direction, lengths, time), x), [1, 0, 2]),
    host(values) {
      const output = new Float32Array(values.length);
      eachRow((position, step) => output.set(values.subarray(position, position + width), step));
      return {
        output,
        backward(dOutput) {
          const gradient = new Float32Array(values.length);
          eachRow((position, step) => gradient.set(dOutput.subarray(step, step + width), position));
          return [gradient];
        },
      };
    },
  });
}

/** The steps of x, [T, N, W] → T times [N, W]. */
export function eachStep(x: tf.Tensor3D): tf.Tensor2D[] {
  // TensorFlow.js 4.22's gradient of `unstack` fails when there is one step: it gets a tensor and expects an array.
  return x.shape[0] === 1 ? [tf.squeeze(x, [0])] : (tf.unstack(x) as tf.Tensor2D[]);
}

/** One-hot [B, T, T]: row t of a batch row selects the position that is read at step t, or nothing. */
function selection(direction: Direction, lengths: Int32Array, time: number): tf.Tensor3D {
  const values = new Float32Array(lengths.length * time * time);
  lengths.forEach((length, b) => {
    for (let t = 0; t < length; t++) values[(b * time + t) * time + positionAt(direction, length, t)] = 1;
  });
  return tf.tensor3d(values, [lengths.length, time, time]);
}
