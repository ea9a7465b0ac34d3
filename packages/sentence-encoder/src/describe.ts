import type { AttentionMap } from '@heed/heatmap';
import type { SentenceAttention, SentenceEncoder } from './encoder.js';
import { similarity } from './similarity.js';

/** Choice of maps: 'mean' gives one map for each layer, the mean of its heads; 'each' gives one map for each head. */
export type Heads = 'mean' | 'each';

export interface SentenceDescription {
  /** Pieces that were read; `▁` begins a word. */
  readonly pieces: readonly string[];
  /** Number of further pieces of the sentence, which were not read. */
  readonly left: number;
  /** Attention maps from the first layer to the last, in each layer from the first head to the last. */
  readonly maps: readonly AttentionMap[];
  /** Vector of the sentence: 512 numbers, whose length is 1. */
  readonly embedding: Float32Array;
}

/**
 * Describes how the encoder reads a sentence: its pieces, attention maps and embedding.
 *
 * @throws HeedError as `embed`
 */
export async function describeSentence(
  encoder: SentenceEncoder,
  text: string,
  { heads = 'mean' }: { readonly heads?: Heads } = {},
): Promise<SentenceDescription> {
  const attention = await encoder.attend(text);
  const embedded = encoder.embed([text]);
  try {
    const { pieces, left } = attention;
    return { pieces, left, maps: mapsOf(attention, heads), embedding: await embedded.data<'float32'>() };
  } finally {
    embedded.dispose();
  }
}

/**
 * Similarities between all pairs of sentences: cosines, with 1 on the diagonal.
 *
 * @throws HeedError as `embed`
 */
export async function compareSentences(encoder: SentenceEncoder, sentences: readonly string[]): Promise<number[][]> {
  const embedded = encoder.embed(sentences);
  const cosines = similarity(embedded);
  try {
    return await cosines.array();
  } finally {
    embedded.dispose();
    cosines.dispose();
  }
}

function mapsOf({ pieces, weights }: SentenceAttention, heads: Heads): AttentionMap[] {
  const labels = { rowLabels: pieces, columnLabels: pieces, rowAxis: 'piece', columnAxis: 'attends to' };
  return weights.flatMap((layer, n) =>
    heads === 'mean'
      ? [{ ...labels, weights: meanOf(layer), title: `layer ${n + 1}, mean of ${layer.length} heads` }]
      : layer.map((rows, h) => ({ ...labels, weights: rows, title: `layer ${n + 1}, head ${h + 1}` })),
  );
}

function meanOf(heads: SentenceAttention['weights'][number]): Float32Array[] {
  return heads[0].map((row, i) => row.map((_, j) => heads.reduce((sum, rows) => sum + rows[i][j], 0) / heads.length));
}
