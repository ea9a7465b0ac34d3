import * as tf from '@tensorflow/tfjs-core';
import type { BoundMechanism, MemoryTensors, PreparedMemory } from '@heed/attention';
import { HeedError, slidingWindow } from '@heed/core';
import {
  addBias,
  adoptMechanism,
  fitted,
  numbered,
  tanhLayer,
  toRows,
  toSequences,
  under,
  within,
  type Dropout,
  type GraphTensor,
  type Ids,
  type Parameters,
} from '@heed/nn';
import { growing } from '../graphs/caches.js';
import { stepGraph } from '../graphs/step-graph.js';
import type { AttentionChoice } from '../recurrent/config.js';
import type { LstmLanguageConfig } from './config.js';
import { createLstmLayers } from './lstm-layers.js';
import { assertRemembers, emptyMemory, firstRoom } from './memory.js';
import type { LanguageNetwork } from './network.js';
import { createReaders } from './reader.js';
import { textGraph } from './text-graph.js';

/**
 * Layers of LSTM cells, of which the last one's states h_t, with attention, look back at those before them:
 *
 *   c_t = attend(h_t; h_1 … h_{t−1});  u_t = tanh(W_h h_t [+ W_c c_t] + b);  logits = W u_t + b'
 *
 * The first place has nothing to look at, and a context of 0. States don't depend on contexts, so all places look at
 * once.
 *
 * @see Daniluk et al. 2017, arXiv:1702.04521, §2.1, for attention of a language model to its own states; Luong, Pham &
 *   Manning 2015, arXiv:1508.04025, §3, for how the context is used
 */
export function createLstm(
  config: LstmLanguageConfig,
  parameters: Parameters,
  vocabularySize: number,
): LanguageNetwork {
  const { units, outputUnits, window } = config;
  const layers = createLstmLayers(config, parameters, vocabularySize);
  const attention = config.attention.kind === 'none' ? undefined : createAttention(config.attention, parameters, units);
  const output = {
    stateKernel: parameters.kernel('output/state_kernel', [units, outputUnits]),
    contextKernel: attention && parameters.kernel('output/context_kernel', [attention.contextWidth, outputUnits]),
    hiddenBias: parameters.bias('output/hidden_bias', new Float32Array(outputUnits)),
    kernel: parameters.kernel('output/kernel', [outputUnits, vocabularySize]),
    bias: parameters.bias('output/bias', new Float32Array(vocabularySize)),
  };

  /** Scores after states [N, H] that looked at contexts [N, C]. */
  function logits(states: tf.Tensor2D, contexts: tf.Tensor2D | undefined, drop: Dropout = (y) => y): tf.Tensor2D {
    const terms: tf.Tensor2D[] = [tf.matMul(states, output.stateKernel)];
    if (contexts !== undefined) terms.push(tf.matMul(contexts, output.contextKernel!));
    return addBias(tf.matMul(drop(tanhLayer(terms, output.hiddenBias), 'output'), output.kernel), output.bias);
  }

  /** What the first of new places, with `before` places before it, and those after it may look at. */
  const earlier = (before: number) => ({
    causal: { offset: before - 1 },
    mask: slidingWindow({ left: window - 1, offset: before - 1 }),
  });

  const look = (attention: BoundMechanism, x: tf.Tensor3D, returnWeights = false) =>
    attention.attend(x, attention.prepare(x), { ...earlier(0), returnWeights });

  const all: LanguageNetwork['all'] = (symbols, dropout) => {
    const rows = symbols.batch * symbols.time;
    const hidden = layers.all(symbols, dropout);
    const context = attention && look(attention, hidden).context;
    return logits(
      tf.reshape(hidden, [rows, units]),
      context && tf.reshape(context, [rows, attention!.contextWidth]),
      dropout,
    );
  };

  const readers = createReaders(() => {
    const memory = attention && emptyMemory(attention, firstRoom(window));
    return {
      memories: memory === undefined ? [] : [memory],
      start: () => layers.start(),
      read(ids, before) {
        let after = { states: before, hidden: before[0]! };
        eachId(ids).forEach((id, n) => {
          if (n > 0) remember(memory, after.hidden);
          after = layers.step(id, after.states);
        });
        const context = attention && lookBack(attention, memory!, after.hidden);
        remember(memory, after.hidden);
        const scores = tf.reshape<tf.Rank.R1>(logits(after.hidden, context), [vocabularySize]);
        return { scores, states: after.states };
      },
    };
  });

  return {
    all,
    weights(symbols) {
      if (attention === undefined) return [];
      const { weights } = look(attention, layers.all(symbols), true);
      const { batch, time } = symbols;
      return [weights!.rank === 4 ? weights! : tf.reshape(weights!, [batch, 1, time, time])];
    },
    read: () => readers.open(),
    dispose: () => readers.dispose(),
    graphs() {
      if (attention !== undefined) assertRemembers(attention);
      const cells = layers.stateWidths.map((width): GraphTensor => ({ shape: ['batch', width], dtype: 'float32' }));
      const state = {
        ...under('cells', numbered(cells)),
        ...(attention &&
          under(
            'attention',
            growing(() => emptyMemory(attention).tensors()),
          )),
      };
      const step = stepGraph(under('state', state), (symbol, given) => {
        const before = within('state', given);
        const { states, hidden } = layers.step(symbol, Object.values(within('cells', before)) as tf.Tensor2D[]);
        const memory = attention?.restore(within('attention', before) as MemoryTensors);
        const scores = logits(hidden, attention && lookBack(attention, memory!, hidden));
        remember(memory, hidden);
        return {
          logits: scores,
          next: { ...under('cells', numbered<tf.Tensor>(states)), ...(memory && under('attention', memory.tensors())) },
        };
      });
      return [step, textGraph(all)];
    },
  };

  /** The contexts of states [N, H] that have the whole memory before them, [N, C]. */
  function lookBack(mechanism: BoundMechanism, memory: PreparedMemory, hidden: tf.Tensor2D): tf.Tensor2D {
    const { context } = mechanism.attend(toSequences(hidden, hidden.shape[0]), memory, earlier(memory.length));
    return toRows(context);
  }

  function remember(memory: PreparedMemory | undefined, hidden: tf.Tensor2D): void {
    memory?.append(toSequences(hidden, hidden.shape[0]));
  }
}

/** Numbers one by one; of those in a tensor there is one. */
const eachId = (ids: Ids): readonly Ids[] =>
  ids instanceof Int32Array ? Array.from(ids, (id) => Int32Array.of(id)) : [ids];

function createAttention(choice: AttentionChoice, parameters: Parameters, units: number): BoundMechanism {
  const place = { queryWidth: units, memoryWidth: units, seed: parameters.seedOf('mechanism/attention') };
  const mechanism = adoptMechanism(parameters, 'attention', fitted(choice, place));
  if (!mechanism.keepsState) return mechanism;
  throw new HeedError('CONFIG_INVALID', {
    message: `attention '${choice.kind}' of a language model keeps a state, and its memory grows from place to place`,
    hint: "choose one that keeps none, such as 'additive'",
    details: { kind: choice.kind },
  });
}
