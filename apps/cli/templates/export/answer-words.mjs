import { answerTexts, config, float32, greatest, int32, vocabulary } from './parts.mjs';
import { reading } from './text.mjs';

const partsOf = reading.wordParts({ ...vocabulary, subwords: config.model.subwords });

/** Words as rows of the table of vectors: one each, or with runs of letters some, each with its share. */
function rowsOf(words) {
  const parts = words.map(partsOf);
  const most = parts.reduce((most, { length }) => Math.max(most, length), 0);
  const filled = parts.flatMap((word) => Array.from({ length: most }, (_, n) => word[n] ?? { row: 0, share: 0 }));
  const [rows, shares] = [filled.map(({ row }) => row), filled.map(({ share }) => share)];
  if (config.model.subwords === null) return { words: int32(rows, [1, words.length]) };
  const dims = [1, words.length, most];
  return { words: int32(rows, dims), shares: float32(shares, dims) };
}

/** The most probable class. */
export async function answer(text, run) {
  const sentences = reading.read(text, vocabulary);
  const { probabilities } = config.model.hierarchical
    ? await run('text', { vectors: await vectorsOf(sentences, run) })
    : await run('model', rowsOf(sentences.flat()));
  const best = greatest(probabilities.data);
  return { output: config.model.classes[best], evidence: reading.evidence(probabilities.data[best]) };
}

/** A vector of each sentence, one after the other. */
async function vectorsOf(sentences, run) {
  const vectors = [];
  for (const words of sentences) vectors.push((await run('sentences', rowsOf(words))).vectors);
  const numbers = vectors.flatMap(({ data }) => Array.from(data));
  return float32(numbers, [1, vectors.length, vectors[0].dims[1]]);
}

await answerTexts(import.meta.url, answer, reading);
