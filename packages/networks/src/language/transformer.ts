import * as tf from '@tensorflow/tfjs-core';
import type { BoundMechanism, PreparedMemory } from '@heed/attention';
import { slidingWindow } from '@heed/core';
import {
  createAttentionSublayer,
  createFeedForwardSublayer,
  createLayerNorm,
  lookup,
  throughBlock,
  toRows,
  toSequences,
  under,
  within,
  type Dropout,
  type Ids,
  type Parameters,
  type TransformerBlock,
} from '@heed/nn';
import { growing, ofEach, tensorsOf } from '../graphs/caches.js';
import { stepGraph } from '../graphs/step-graph.js';
import { countOf } from '@heed/core/model-ops';
import { blockAttention } from './block-attention.js';
import type { TransformerLanguageConfig } from './config.js';
import { assertRemembers, emptyMemory, firstRoom } from './memory.js';
import type { LanguageNetwork } from './network.js';
import { createReaders } from './reader.js';
import { textGraph } from './text-graph.js';

/** What a block's attention does with its normed input [B, T, E] → [B, T, E]. */
type Attend = (x: tf.Tensor3D, mechanism: BoundMechanism, block: number) => tf.Tensor3D;

/**
 * A decoder-only transformer. x₀ = √E·embedding; then blocks, where place i attends to places j ≤ i of its window, and knows
 * how far back they are by rotary positions; at last logits = norm(x) Vᵀ, with V the embedding when tied.
 *
 * @see Vaswani et al. 2017, arXiv:1706.03762, §3.1–3.4; Su et al. 2021, arXiv:2104.09864, for rotary positions; Press & Wolf
 *   2017, arXiv:1608.05859, for tying
 */
export function createTransformer(
  config: TransformerLanguageConfig,
  parameters: Parameters,
  vocabularySize: number,
): LanguageNetwork {
  const { width, window } = config;
  const embedding = parameters.kernel('embedding', [vocabularySize, width]);
  const blocks = Array.from({ length: config.layers }, (_, n) => createBlock(config, parameters, n));
  const outputNorm = createLayerNorm(parameters, 'output/norm', width);
  const outputKernel = config.tiedEmbeddings ? undefined : parameters.kernel('output/kernel', [width, vocabularySize]);

  const embed = (inputs: Ids): tf.Tensor2D => tf.mul(lookup(embedding, inputs), Math.sqrt(width));
  const logits = (x: tf.Tensor2D): tf.Tensor2D =>
    outputKernel === undefined
      ? tf.matMul(outputNorm(x), embedding, false, true)
      : tf.matMul(outputNorm(x), outputKernel);

  /** All blocks, of the vectors of B rows of places: [B·T] → [B·T, E]. */
  function run(inputs: Ids, batch: number, attend: Attend, dropout?: Dropout): tf.Tensor2D {
    const embedded = embed(inputs);
    return blocks.reduce(
      (x, block, n) =>
        throughBlock(block, x, {
          dropout,
          attend: (rows, mechanism) => toRows(attend(toSequences(rows, batch), mechanism, n)),
        }),
      dropout === undefined ? embedded : dropout(embedded, 'embedding'),
    );
  }

  /** What the first of new places, at `offset`, and those after it may look at. */
  const causal = (offset: number) => ({ causal: { offset }, mask: slidingWindow({ left: window - 1, offset }) });

  /** Attention to the places of caches, and to new ones, which they take in. */
  const readOn =
    (caches: readonly PreparedMemory[]): Attend =>
    (x, mechanism, n) => {
      const offset = caches[n].length;
      return mechanism.attend(x, caches[n].append(x), causal(offset)).context;
    };

  const all: LanguageNetwork['all'] = ({ inputs, batch }, dropout) => {
    const attend: Attend = (x, mechanism) => mechanism.attend(x, mechanism.prepare(x), causal(0)).context;
    return logits(run(inputs, batch, attend, dropout));
  };

  const readers = createReaders(() => {
    // The keys and values of the places read: they don't depend on later ones, so they are computed once.
    const memories = blocks.map(({ attention }) => emptyMemory(attention.mechanism, firstRoom(window)));
    return {
      memories,
      start: () => [],
      read(ids) {
        const x = run(ids, 1, readOn(memories));
        const last = tf.slice<tf.Rank.R2, tf.Tensor2D>(x, [countOf(ids) - 1, 0], [1, width]);
        return { scores: tf.reshape<tf.Rank.R1>(logits(last), [vocabularySize]), states: [] };
      },
    };
  });

  return {
    all,
    weights({ inputs, batch }) {
      const weights: tf.Tensor[] = [];
      run(inputs, batch, (x, mechanism) => {
        const attended = mechanism.attend(x, mechanism.prepare(x), { ...causal(0), returnWeights: true });
        weights.push(attended.weights);
        return attended.context;
      });
      return weights;
    },
    trace({ inputs, batch }) {
      const embedded = embed(inputs);
      let x = embedded;
      const traces = blocks.map((block) => {
        let seen: { readonly weights: tf.Tensor; readonly added: tf.Tensor2D } | undefined;
        const output = throughBlock(block, x, {
          attend(rows, mechanism) {
            const given = toSequences(rows, batch);
            const { context, weights } = mechanism.attend(given, mechanism.prepare(given), {
              ...causal(0),
              returnWeights: true,
            });
            const added = toRows(context);
            seen = { weights, added };
            return added;
          },
        });
        const { weights, added } = seen!;
        const attended = tf.add<tf.Tensor2D>(x, added);
        x = output;
        return { weights, attended, output };
      });
      const all = [embedded, ...traces.flatMap(({ attended, output }) => [attended, output])];
      const last = all.map((one) => tf.slice<tf.Rank.R2, tf.Tensor2D>(one, [one.shape[0] - 1, 0], [1, width]));
      return { embedded, blocks: traces, next: logits(tf.concat2d(last, 0)) };
    },
    graphs() {
      for (const { attention } of blocks) assertRemembers(attention.mechanism);
      const empty = () => tensorsOf(blocks.map(({ attention }) => emptyMemory(attention.mechanism)));
      const step = stepGraph(under('state', growing(empty)), (symbol, given) => {
        const tensors = ofEach(within('state', given));
        const caches = blocks.map(({ attention }, n) => attention.mechanism.restore(tensors[n]));
        const x = run(symbol, symbol.size, readOn(caches));
        return { logits: logits(x), next: tensorsOf(caches) };
      });
      return [step, textGraph(all)];
    },
    read: () => readers.open(),
    dispose: () => readers.dispose(),
  };
}

function createBlock(config: TransformerLanguageConfig, parameters: Parameters, n: number): TransformerBlock {
  const { width, feedForwardWidth } = config;
  const key = `layers/${n}`;
  return {
    attention: createAttentionSublayer(parameters, `${key}/attention`, {
      site: `${n}/attention`,
      width,
      ...blockAttention(config),
      seed: parameters.seedOf(`mechanism/${key}/attention`),
    }),
    feedForward: createFeedForwardSublayer(parameters, `${key}/feed_forward`, {
      site: `${n}/feed_forward`,
      width,
      feedForwardWidth,
      activation: 'squaredRelu',
    }),
  };
}
