import { loadGraphModel, type GraphModel } from '@tensorflow/tfjs-converter';
import * as tf from '@tensorflow/tfjs-core';
import { readSentenceEncoder, type SentenceEncoderFiles } from '../src/index.js';
import { joinShards } from '../src/files.js';

/** The published graph, run by TensorFlow.js's own converter on the engine in use. */
export interface Original {
  readonly files: SentenceEncoderFiles;
  /** Vectors of sequences. @returns 512 numbers for each */
  embed(sequences: readonly Int32Array[]): Promise<number[][]>;
  /** Attention weights of a sequence. @returns [H][T][T] for each layer */
  attend(sequence: Int32Array): Promise<number[][][][]>;
  dispose(): void;
}

const WEIGHTS = [0, 1].map(
  (n) =>
    `module_apply_default/Encoder_en/KonaTransformer/Encode/TransformerStack/Layer_${n}/TransformerLayer/` +
    'MultiheadAttention/DotProductAttention/BaseDotProductAttention/attention_weights',
);

export async function loadOriginal(): Promise<Original> {
  const files = await readSentenceEncoder();
  const { modelTopology, weightsManifest } = JSON.parse(new TextDecoder().decode(files.manifest)) as {
    modelTopology: object;
    weightsManifest: [{ weights: tf.io.WeightsManifestEntry[] }];
  };
  const graph: GraphModel = await loadGraphModel(
    tf.io.fromMemory({
      modelTopology,
      weightSpecs: weightsManifest[0].weights,
      weightData: joinShards(files.shards),
    }),
  );

  async function run(sequences: readonly Int32Array[], outputs?: string[]): Promise<unknown[]> {
    const places = sequences.flatMap((ids, row) => Array.from(ids, (_, column) => [row, column]));
    const indices = tf.tensor2d(places, [places.length, 2], 'int32');
    const values = tf.tensor1d(
      sequences.flatMap((ids) => [...ids]),
      'int32',
    );
    const results = [await graph.executeAsync({ indices, values }, outputs)].flat();
    const numbers = await Promise.all(results.map((tensor) => tensor.array()));
    tf.dispose([indices, values, results]);
    return numbers;
  }

  return {
    files,
    embed: async (sequences) => (await run(sequences))[0] as number[][],
    attend: async (sequence) => (await run([sequence], WEIGHTS)).map((layer) => (layer as number[][][][])[0]),
    dispose: () => graph.dispose(),
  };
}
