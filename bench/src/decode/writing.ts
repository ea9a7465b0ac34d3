import { createLanguageModel, type LanguageModel } from '@heed/networks';
import { generate } from '@heed/tasks';
import * as tf from '@tensorflow/tfjs-core';
import { contest, ratiosOf } from '../contest.js';
import { atLeast, atMost } from '../figure.js';
import { checkAgreement } from '../timing.js';
import type { BenchCase } from '../wasm/case.js';
import { HEED, ONNX_RUNTIME_WEB } from '../wasm/systems.js';
import { openShipped } from './shipped.js';
import { openSteps, partOf, type Steps } from './steps.js';

/** Symbols of a text: as many as a model of the task `generate` looks back. */
const LENGTH = 192;

/** The transformer of the task, with parameters as they are before training. */
async function openTransformer(): Promise<LanguageModel> {
  const data = await generate.load({ seed: 1 });
  const model = createLanguageModel(generate.configure(generate.presets.transformer, data, 1));
  // The end of the text has the score 0, and the best of 80 random scores is above it: so the text goes on.
  const kernel = model.parameters['output/kernel'];
  tf.tidy(() => {
    const [rows, symbols] = kernel.shape as [number, number];
    kernel.assign(tf.concat([tf.zeros([rows, 1]), tf.slice(kernel, [0, 1], [rows, symbols - 1])], 1));
  });
  return model;
}

const openLstm = async (): Promise<LanguageModel> => (await openShipped('generate')).model as LanguageModel;

/** Cases of models that write, symbol by symbol with a cache, against onnxruntime-web on the exported step. */
export const writing: readonly BenchCase[] = [
  writes('decode-generate', 'a transformer with random parameters', openTransformer, 2),
  writes('decode-lstm', 'the LSTM with attention that is shipped for generate', openLstm, null),
];

function writes(name: string, what: string, open: () => Promise<LanguageModel>, target: number | null): BenchCase {
  const title = `${LENGTH} symbols by ${what}, greedy, with a cache`;
  return {
    name,
    title,
    async run(engines, rounds) {
      const { enter } = engines.heed(1)!;
      await enter();
      const model = await open();
      const { ids, chosen } = await writeOnce(model);
      const steps = await openSteps(model);
      await enter();
      await checkLogits(model, steps, ids);
      const systems = [
        { name: HEED, count: ids.length, enter, run: async () => [(await writeOnce(model)).logProbabilities] },
        { name: ONNX_RUNTIME_WEB, count: ids.length, run: async () => [await readOnce(steps, ids, chosen)] },
      ];
      const standings = await contest(systems, rounds);
      await steps.dispose();
      await enter();
      model.dispose();
      const [heed, web] = standings;
      const figures = [
        atLeast(`${name}: times ${ONNX_RUNTIME_WEB}`, target, ratiosOf(web, heed), '×'),
        atLeast(`${name}: symbols a second`, null, heed.rounds.map(aSecond), 'symbols/s'),
        atMost(`${name}: milliseconds a symbol`, null, heed.rounds, 'ms'),
      ];
      const rows = standings.map(({ system, ms }) => ({ system, 'symbols a second': Math.round(aSecond(ms)) }));
      const parameters = model.parameterCount.toLocaleString('en');
      return { case: name, title: `${title}; ${parameters} parameters`, standings, figures, leftOut: [], rows };
    },
  };
}

const aSecond = (ms: number): number => 1000 / ms;

/** The most probable symbol, again and again: what was read and what was chosen at each step, as numbers, with log-probabilities. */
async function writeOnce(
  model: LanguageModel,
): Promise<{ ids: Int32Array; chosen: Int32Array; logProbabilities: Float32Array }> {
  const { symbols } = model.config;
  const chosen: number[] = [];
  const logProbabilities: number[] = [];
  for await (const { symbol, logProbability } of model.generate([], { temperature: 0, length: LENGTH })) {
    chosen.push(symbol === undefined ? 0 : symbols.indexOf(symbol) + 1);
    logProbabilities.push(logProbability);
  }
  return {
    ids: Int32Array.from([0, ...chosen.slice(0, -1)]),
    chosen: Int32Array.from(chosen),
    logProbabilities: Float32Array.from(logProbabilities),
  };
}

/** The same symbols in onnxruntime-web: log-probabilities of those that were chosen. */
async function readOnce(steps: Steps, ids: Int32Array, chosen: Int32Array): Promise<Float32Array> {
  const logProbabilities = new Float32Array(ids.length);
  await steps.read(ids, (logits, n) => {
    const total = logits.reduce((sum, value) => sum + Math.exp(value), 0);
    logProbabilities[n] = logits[chosen[n]] - Math.log(total);
  });
  return logProbabilities;
}

/** @throws Disagreement when the scores of all symbols at all places aren't the same */
async function checkLogits(model: LanguageModel, steps: Steps, ids: Int32Array): Promise<void> {
  const expected = tf.tidy(() => {
    const { logits } = partOf(model, 'model').run({ symbols: tf.tensor2d(ids, [1, ids.length], 'int32') });
    return logits.dataSync<'float32'>().slice();
  });
  const found: Float32Array[] = [];
  await steps.read(ids, (logits) => void found.push(logits.slice()));
  checkAgreement(
    `${ONNX_RUNTIME_WEB}: logits`,
    [expected],
    [Float32Array.from(found.flatMap((one) => Array.from(one)))],
  );
}
