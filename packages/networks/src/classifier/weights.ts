import type { NumberedTexts } from './batch.js';

/** Weights of all texts of a batch, padded: [sequences, T] and [texts, T]. */
interface BatchWeights {
  readonly words: Float32Array | undefined;
  readonly sentences: Float32Array | undefined;
}

/** What of a batch's weights belongs to one text: those of words by sentences, those of sentences. */
export function splitWeights(
  { sequences, texts, sizes }: NumberedTexts,
  n: number,
  { words, sentences }: BatchWeights,
): { words?: Float32Array[]; sentences?: Float32Array } {
  if (words === undefined) return {};
  // The sentences of a text are sequences of their own, or lie one after the other in one.
  const own = Array.from(texts.ids.subarray(n * texts.time, n * texts.time + texts.lengths[n]));
  const isWhole = own.length === 1;
  let within = 0;
  const ofWords = sizes[n].map((size, s) => {
    const start = (isWhole ? own[0] : own[s]) * sequences.time + (isWhole ? within : 0);
    within += size;
    return words.slice(start, start + size);
  });
  return {
    words: ofWords,
    ...(sentences && { sentences: sentences.slice(n * texts.time, n * texts.time + texts.lengths[n]) }),
  };
}
