import * as tf from '@tensorflow/tfjs-core';
import type { KernelInitializer } from '@heed/attention';
import { HeedError } from '@heed/core';
import {
  checkLossOptions,
  countOf,
  createDropout,
  crossEntropy,
  dense,
  guardedGraphs,
  lookup,
  parseConfig,
  tidy,
  whileAlive,
  withParameters,
  type Ids,
  type LossOptions,
  type Parameters,
  type ParameterTable,
  type Trainable,
} from '@heed/nn';
import { uniform } from '@heed/base';
import { createCodec, type AnsweredStory, type NumberedStories, type Story } from './batch.js';
import { memoryGraph } from './graphs.js';
import { memorySchema, type MemoryConfig } from './config.js';
import { createHops, perHop, type Hop } from './hops.js';
import { identityAmongNoise, identityBlocks, wordVectors } from './initial.js';
import { readAnswers, type Reading, type StoryAnswer } from './read.js';

/**
 * An end-to-end memory network over facts, with names that stand for nothing but their places in the story.
 *
 *   m_i = e(F [x_i1; …; x_iJ] + f);   u_0 = e(G [q_1; …; q_J] + g);   e(s) = s + R s ∘ tanh(S s)
 *   α_h = softmax_i(m_iᵀ A u_h / √D + b_hi);   o_h = Σ_i α_hi m_i
 *   u_h+1 = u_h + o_h + tanh(U u_h + V o_h + Z (P u_h ∘ Q o_h) + c)
 *   p = softmax([C u_H + d; N W u_H / √D]),   N being the vectors of the names
 *
 * A word has a matrix for each place in the sentence, where the paper has a vector that scales it (§4.1), and a gate lets words
 * change one another, so that what was dropped can count against what was taken; b_hi is what time adds
 * to the scores (see `hops.ts`), where the paper has vectors added to the m_i; and a product of what is looked for with what was
 * found lets a hop compare them. An answer that is a name is pointed at, so it may be one that the model never saw. F, G, A
 * and W start near identities: so a hop begins by looking at facts that share words with the question and what was found.
 *
 * @see Sukhbaatar et al. 2015, arXiv:1503.08895, §2 and 4.1
 */
export interface MemoryNetwork extends Trainable<AnsweredStory> {
  readonly config: MemoryConfig;
  /**
   * Mean cross-entropy of the answers, in nats, of an answer of several words with equal shares; with a support weight λ, plus
   * λ times that of the supporting facts, in equal shares, under the mean of the hops' weights. With dropout, names are
   * numbered at random.
   *
   * @returns a scalar, the caller's to dispose
   * @throws HeedError INVALID_ARGUMENT for no stories, a story that is too large, or an answer or a support that it doesn't hold
   */
  loss(stories: readonly AnsweredStory[], options?: LossOptions): tf.Scalar;
  /**
   * What the model makes of stories, and what each hop looked at.
   *
   * @throws HeedError INVALID_ARGUMENT as `loss`; NOT_FINITE when the parameters are broken
   */
  answer(stories: readonly Story[]): Promise<StoryAnswer[]>;
}

/**
 * A model with parameters from the configuration's seed, or with the given ones.
 *
 * @param given values of all parameters by key, as `parameters` names them; copied
 * @throws HeedError CONFIG_INVALID; with given values CHECKPOINT_INVALID, SHAPE_MISMATCH, NOT_FINITE
 */
export function createMemoryNetwork(config: MemoryConfig, given?: ParameterTable): MemoryNetwork {
  const checked = parseConfig('createMemoryNetwork', memorySchema, config) as MemoryConfig;
  return withParameters(checked.seed, given, (parameters) => build(checked, parameters));
}

function build(config: MemoryConfig, parameters: Parameters): MemoryNetwork {
  const { embeddingWidth, units, hops: count, factWords, questionWords } = config;
  const codec = createCodec(config);
  const embedding = parameters.kernel('embedding', [codec.words, embeddingWidth], wordVectors);
  const names = Int32Array.from({ length: config.names }, (_, n) => codec.words - config.names + n);
  const facts = layer('facts', factWords * embeddingWidth, units, identityBlocks(embeddingWidth));
  const questions = layer('questions', questionWords * embeddingWidth, units, identityBlocks(embeddingWidth));
  const gates = {
    open: parameters.kernel('gates/open_kernel', [units, units]),
    through: parameters.kernel('gates/through_kernel', [units, units]),
  };
  const hops = createHops(config, parameters);
  const changes = perHop(count, config.tying, (key) => ({
    state: parameters.kernel(`hop${key}/state_kernel`, [units, units]),
    context: parameters.kernel(`hop${key}/context_kernel`, [units, units]),
    compared: parameters.kernel(`hop${key}/compared_kernel`, [units, units]),
    seen: parameters.kernel(`hop${key}/seen_kernel`, [units, units]),
    product: parameters.kernel(`hop${key}/product_kernel`, [units, units]),
    bias: parameters.bias(`hop${key}/bias`, new Float32Array(units)),
  }));
  const classes = layer('answers/classes', units, codec.classes.length);
  const pointer = parameters.kernel('answers/pointer_kernel', [units, embeddingWidth], identityAmongNoise);

  function layer(key: string, width: number, columns: number, initial?: KernelInitializer) {
    const kernel = parameters.kernel(`${key}/kernel`, [width, columns], initial);
    const bias = parameters.bias(`${key}/bias`, new Float32Array(columns));
    return (x: tf.Tensor2D) => dense(x, kernel, bias);
  }

  /** Sentences of so many words → [N, D]. */
  function encode(ids: Ids, words: number, project: typeof facts): tf.Tensor2D {
    const vectors = lookup(embedding, ids); // [N·words, E]
    const sum = project(tf.reshape(vectors, [countOf(ids) / words, words * embeddingWidth]));
    const gate = tf.tanh(tf.matMul(sum, gates.open));
    return tf.add(sum, tf.mul(tf.matMul(sum, gates.through), gate));
  }

  /** Scores of the classes, and of each name: how much its vector is like what the state points to. */
  function score(state: tf.Tensor2D): tf.Tensor2D {
    const pointed = tf.matMul(tf.matMul(state, pointer), lookup(embedding, names), false, true) as tf.Tensor2D;
    return tf.concat2d([classes(state), tf.mul(pointed, 1 / Math.sqrt(units))], 1);
  }

  function run(stories: NumberedStories, drop?: (state: tf.Tensor2D) => tf.Tensor2D): Reading {
    const sentences = encode(stories.facts, factWords, facts);
    const memory = tf.reshape<tf.Rank.R3>(sentences, [stories.batch, stories.time, units]);
    const looking = hops(memory, stories);
    const seen: Hop[] = [];
    let state = encode(stories.questions, questionWords, questions);
    for (const [hop, change] of changes.entries()) {
      const { context, weights } = looking.look(hop, state, seen.at(-1));
      seen.push({ context, ...(weights && { weights }) });
      const product = tf.mul(tf.matMul(state, change.compared), tf.matMul(context, change.seen)) as tf.Tensor2D;
      const terms = [
        dense(state, change.state, change.bias),
        tf.matMul(context, change.context) as tf.Tensor2D,
        tf.matMul(product, change.product) as tf.Tensor2D,
      ];
      state = tf.addN<tf.Tensor2D>([state, context, tf.tanh(tf.addN<tf.Tensor2D>(terms))]);
    }
    return { logits: score(drop ? drop(state) : state), hops: seen };
  }

  return {
    config,
    parameters: parameters.all,
    parameterCount: parameters.count,
    loss(stories, options = {}) {
      checkLossOptions('memory network: loss', options);
      const { labelSmoothing = 0, dropout } = options;
      parameters.assertAlive('memory network: loss');
      if (stories.length === 0) throw new HeedError('INVALID_ARGUMENT', { message: 'loss: there are no stories' });
      checkSupports(stories);
      const random = dropout && uniform({ stream: 'models', seed: dropout.seed, name: 'names', index: dropout.step });
      const batch = codec.encode(stories, random);
      const targets = stories.flatMap(({ answer }, b) =>
        codec.target(batch, b, answer).map((id) => ({ b, id, weight: 1 / (answer.length * stories.length) })),
      );
      const drop = dropout && createDropout(config.dropout, dropout.seed, dropout.step);
      return tidy(() => {
        const { logits, hops: seen } = run(batch, drop && ((state) => drop(state, 'state')));
        const isOneEach = targets.length === stories.length;
        const rows = isOneEach
          ? logits
          : lookup(
              logits,
              Int32Array.from(targets, ({ b }) => b),
            );
        const loss = crossEntropy(rows, {
          ids: Int32Array.from(targets, ({ id }) => id),
          weights: Float32Array.from(targets, ({ weight }) => weight),
          smoothing: labelSmoothing,
        });
        const { supportWeight } = config;
        const shown = supportWeight > 0 ? supportLoss(seen, stories, batch.time) : undefined;
        return shown === undefined ? loss : (tf.add(loss, tf.mul(shown, supportWeight)) as tf.Scalar);
      });
    },
    async answer(stories) {
      return whileAlive(
        () => parameters.assertAlive('memory network: answer'),
        () => readAnswers(stories, codec, (batch) => run(batch)),
      );
    },
    graphs: () => guardedGraphs('memory network', parameters, () => [memoryGraph(config, run)]),
    dispose: () => parameters.dispose(),
  };
}

// Below it a weight counts as this, so that its logarithm stays finite.
const LEAST_WEIGHT = 1e-6;

/** @throws HeedError INVALID_ARGUMENT for a support that is no fact of its story */
function checkSupports(stories: readonly AnsweredStory[]): void {
  for (const { supports, facts } of stories) {
    const wrong = supports.find((n) => !Number.isInteger(n) || n < 0 || n >= facts.length);
    if (wrong === undefined) continue;
    throw new HeedError('INVALID_ARGUMENT', {
      message: `memory network: a story of ${facts.length} facts is supported by fact ${wrong}`,
      hint: 'supports are numbers of facts, from 0',
      details: { support: wrong, facts: facts.length },
    });
  }
}

/** −Σ_i s_i log mean_h α_hi of each story, s_i being 1/n for each of its n supporting facts; mean over the stories. */
function supportLoss(hops: readonly Hop[], stories: readonly AnsweredStory[], time: number): tf.Scalar | undefined {
  const all = hops.flatMap(({ weights }) => weights ?? []);
  if (all.length === 0) return undefined;
  const wanted = new Float32Array(stories.length * time);
  stories.forEach(({ supports }, b) => {
    for (const n of supports) wanted[b * time + n + 1] = 1 / (supports.length * stories.length);
  });
  const mean = tf.add(tf.mul(tf.addN(all), 1 / all.length), LEAST_WEIGHT);
  return tf.neg(tf.sum(tf.mul(tf.log(mean), tf.tensor2d(wanted, [stories.length, time]))));
}
