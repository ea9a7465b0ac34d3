// A translator of dates, trained by `model.fit`: 'Mittwoch, 3. April 2024' → '2024-04-03'. Run it with
//   node translator.js [steps]
// It takes some minutes, and writes an error for one date in thirty.
import '@tensorflow/tfjs-backend-wasm';
import { wasm } from '@heed/backend-wasm';
import { selectBackend } from '@heed/core';
import { loadDates } from '@heed/datasets';
import { additiveAttention } from '@heed/keras';
import * as tf from '@tensorflow/tfjs';

const UNITS = 64;
const BATCH = 64;

/** Symbols of a language as whole numbers from 1; 0 is padding, and what begins every output. */
function coder(symbols) {
  const ids = new Map(symbols.map((symbol, n) => [symbol, n + 1]));
  return {
    size: symbols.length + 1,
    encode: (text, length) => Array.from({ length }, (_, n) => (n < text.length ? (ids.get(text[n]) ?? 0) : 0)),
    decode: (numbers) => numbers.map((n) => symbols[n - 1] ?? '').join(''),
  };
}

/** Texts in three languages, and the same days as ISO writes them. */
export async function readData() {
  const { train, test } = await loadDates({ seed: 1 });
  const wanted = ({ locale }) => ['en-US', 'de', 'fr'].includes(locale);
  const [learnt, judged] = [train, test].map((part) => part.filter(wanted));
  const symbols = [...new Set([...learnt, ...judged].flatMap(({ source }) => source))].toSorted();
  const length = Math.max(...[...learnt, ...judged].map(({ source }) => source.length));
  return { learnt, judged, length, source: coder(symbols), target: coder([...'-0123456789']) };
}

/** An encoder that reads both ways, a decoder that has seen what it wrote so far, and attention between them. */
export function createTranslator({ source, target }) {
  const text = tf.input({ shape: [null], name: 'text' });
  const written = tf.input({ shape: [null], name: 'written' });
  const embed = (size, name) =>
    tf.layers.embedding({ inputDim: size, outputDim: UNITS, maskZero: name === 'letters', name });
  const gru = (units) => tf.layers.gru({ units, returnSequences: true, recurrentInitializer: 'glorotNormal' });
  const memory = tf.layers
    .bidirectional({ layer: gru(UNITS / 2), mergeMode: 'concat' })
    .apply(embed(source.size, 'letters').apply(text));
  const states = gru(UNITS).apply(embed(target.size, 'digits').apply(written));
  // The mask of the letters travels with the memory: padding gets no weight.
  const context = additiveAttention({ name: 'attention' }).apply([states, memory]);
  const joined = tf.layers.concatenate().apply([states, context]);
  const hidden = tf.layers.dense({ units: UNITS, activation: 'tanh' }).apply(joined);
  const outputs = tf.layers.dense({ units: target.size, activation: 'softmax' }).apply(hidden);
  const model = tf.model({ inputs: [text, written], outputs });
  model.compile({ optimizer: tf.train.adam(0.005), loss: 'categoricalCrossentropy' });
  return model;
}

/** Batches without end, for `fitDataset`. */
function* batches({ learnt, length, source, target }) {
  for (let n = 0; ; n += BATCH) {
    const part = Array.from({ length: BATCH }, (_, i) => learnt[(n + i) % learnt.length]);
    const letters = part.map((one) => source.encode(one.source, length));
    const digits = part.map((one) => target.encode([...one.iso], 10));
    yield {
      xs: { text: tf.tensor2d(letters), written: tf.tensor2d(digits.map((row) => [0, ...row.slice(0, -1)])) },
      ys: tf.tidy(() => tf.oneHot(tf.tensor2d(digits, undefined, 'int32'), target.size)),
    };
  }
}

/** Writes digit by digit, the likeliest each time. */
export function translate(model, { length, source, target }, texts) {
  return tf.tidy(() => {
    const letters = tf.tensor2d(texts.map((text) => source.encode(text, length)));
    let written = tf.zeros([texts.length, 1]);
    for (let n = 0; n < 10; n++) {
      const last = tf.gather(model.predict([letters, written]), n, 1);
      written = tf.concat([written, tf.cast(tf.expandDims(tf.argMax(last, -1), 1), 'float32')], 1);
    }
    return written.arraySync().map((row) => target.decode(row.slice(1)));
  });
}

if (import.meta.url === `file://${process.argv[1]}`) {
  await selectBackend(wasm());
  const steps = Number(process.argv[2] ?? 1500);
  const every = Number(process.argv[3] ?? 100); // steps between two lines
  const data = await readData();
  const model = createTranslator(data);
  model.summary();
  const started = performance.now();
  await model.fitDataset(
    tf.data.generator(() => batches(data)),
    {
      epochs: Math.ceil(steps / every),
      batchesPerEpoch: every,
      verbose: 0,
      callbacks: {
        onEpochEnd: (epoch, { loss }) => console.log(`${every * (epoch + 1)} steps: loss ${loss.toFixed(3)}`),
      },
    },
  );
  const seconds = (performance.now() - started) / 1000;
  const judged = data.judged.slice(0, 200);
  const found = translate(
    model,
    data,
    judged.map(({ source }) => source),
  );
  const right = found.filter((text, n) => text === judged[n].iso).length;
  console.log(`${right} of ${judged.length} dates it never saw, after ${seconds.toFixed(0)} s`);
  for (const n of [0, 1, 2]) console.log(`${judged[n].text} → ${found[n]}`);
}
