/// <reference lib="dom" />
import { util, type TensorInfo } from '@tensorflow/tfjs-core';
import { copyLosses, type ModelKernels, type Normaliser } from '@heed/core/model-ops';
import type { WasmEngine } from './engine.js';
import { loopsOver } from './loops.js';
import type { ModelExports } from './model-exports.js';
import { withOutputs, type MakeOutput } from './outputs.js';

/** Kernels as loops over the heap: what is mostly a walk through lists, and what is too short to be worth a module's function. */
export function heapLoops(
  engine: WasmEngine,
  { crossEntropy }: Pick<ModelExports, 'crossEntropy'>,
): Pick<ModelKernels, 'coverageLoss' | 'copyCrossEntropy' | 'tensorScatter'> {
  const outputs = <T>(run: (make: MakeOutput) => T): T => withOutputs(engine, run);

  /** A tensor's numbers where they are; to be asked for when all outputs have been made, as the heap moves when it grows. */
  const floats = (tensor: TensorInfo): Float32Array =>
    new Float32Array(engine.memory.buffer, engine.address(tensor), util.sizeFromShape(tensor.shape));

  const loops = loopsOver(engine);

  return {
    coverageLoss: {
      forward: ({ weights, coverage }, { counts }) =>
        outputs((make) => {
          const loss = make([]);
          const [looks, covered] = [weights, coverage].map(floats);
          const time = weights.shape[1];
          let sum = 0;
          for (let n = 0; n < counts.length; n++) {
            for (let at = n * time; at < (n + 1) * time; at++) sum += counts[n] * Math.min(looks[at], covered[at]);
          }
          floats(loss)[0] = sum;
          return { loss };
        }),
      backward: ({ weights, coverage, dLoss }, { counts }) =>
        outputs((make) => {
          const [dWeights, dCoverage] = [make(weights.shape), make(coverage.shape)];
          const [looks, covered] = [weights, coverage].map(floats);
          const [ofWeights, ofCoverage] = [dWeights, dCoverage].map(floats);
          const [factor] = floats(dLoss);
          const time = weights.shape[1];
          for (let n = 0; n < counts.length; n++) {
            const slope = counts[n] * factor;
            for (let at = n * time; at < (n + 1) * time; at++) {
              const isLook = looks[at] <= covered[at];
              ofWeights[at] = isLook ? slope : 0;
              ofCoverage[at] = isLook ? 0 : slope;
            }
          }
          return { dWeights, dCoverage };
        }),
    },
    copyCrossEntropy: {
      forward: ({ logits, gates, weights }, attributes) =>
        outputs((make) => {
          const [rows, classes] = logits.shape as [number, number];
          const loss = make([]);
          const [logitSlopes, gateSlopes, weightSlopes] = [logits, gates, weights].map(({ shape }) => make(shape));
          // The softmax of all rows that count, some ten times as fast as a loop of `Math.exp`, as the gradient of the plain
          // cross-entropy with targets 0: softmax − [v = 0].
          engine.withScratch(8 * rows, (scratch) => {
            new Int32Array(engine.memory.buffer, scratch, rows).fill(0);
            const counts = new Float32Array(engine.memory.buffer, scratch + 4 * rows, rows);
            attributes.weights.forEach((weight, n) => (counts[n] = weight === 0 ? 0 : 1));
            const [from, to] = [engine.address(logits), engine.address(logitSlopes)];
            crossEntropy(from, scratch, scratch + 4 * rows, 0, to, rows, classes);
          });
          const arrays = { logits: floats(logits), gates: floats(gates), weights: floats(weights) };
          const slopes = {
            logitSlopes: floats(logitSlopes),
            gateSlopes: floats(gateSlopes).fill(0),
            weightSlopes: floats(weightSlopes).fill(0),
          };
          floats(loss)[0] = copyLosses(arrays, attributes, normaliserOf, slopes);
          return { loss, logitSlopes, gateSlopes, weightSlopes };
        }),
    },
    tensorScatter: {
      forward: ({ cache, update }, attributes) =>
        outputs((make) => {
          const isOwn = attributes.inPlace && engine.isAlone(cache);
          const present = isOwn ? cache : make(cache.shape);
          const [from, to] = [update, present].map((tensor) => engine.address(tensor)) as [number, number];
          if (isOwn) engine.overwrites(cache);
          else engine.call(loops.copy, [engine.address(cache), to, util.sizeFromShape(cache.shape)]);
          const { starts, steps } = attributes;
          const sizes = [attributes.axis, steps, cache.shape.length, ...cache.shape];
          engine.call(
            loops.scatter,
            [from, to, ...sizes, ...starts],
            Array.from(starts, (_, n) => 2 + sizes.length + n),
          );
          return { present: isOwn ? engine.again(cache) : present };
        }),
    },
  };
}

/**
 * Completes softmax − [v = 0] to the softmax of a row, and finds the normaliser from a symbol's score and its probability. Not
 * from that of number 0 unless it is large: adding 1 has rounded it.
 */
function normaliserOf(row: Float32Array, probabilities: Float32Array): Normaliser {
  probabilities[0] += 1;
  let best = 0;
  let total = 0;
  for (let v = 0; v < row.length; v++) {
    total += row[v];
    if (v > 0 && (best === 0 || row[v] > row[best])) best = v;
  }
  if (probabilities[0] > 0.5) best = 0;
  return { normaliser: row[best] - Math.log(probabilities[best]), total };
}
