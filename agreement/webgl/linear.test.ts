import { webgl } from '@heed/backend-webgl';
import { explain, linearAttention, selectBackend, type LinearAttentionOptions, type SelectedBackend } from '@heed/core';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
import { afterAll, beforeAll, expect, test } from 'vitest';

let backend: SelectedBackend;
beforeAll(async () => {
  backend = await selectBackend(webgl());
});
afterAll(() => backend.dispose());

/** Long enough for states that are found in three levels of 16: 263 chunks of 16 steps. */
const STEPS = 4200;
const PIECE = 200;
const [HEADS, WIDTH, VALUE_WIDTH] = [2, 3, 2];

const RULES = {
  linear: [],
  'gated by width': ['logDecay'],
  'gated delta': ['logDecay', 'beta'],
} as const;

type Inputs = Readonly<Record<string, tf.Tensor>>;

function randomInputs(): Inputs {
  const random = (seed: number, ...shape: number[]): tf.Tensor =>
    tf.randomUniform([1, HEADS, ...shape], -1, 1, 'float32', seed);
  return {
    query: random(1, STEPS, WIDTH),
    key: tf.mul(random(2, STEPS, WIDTH), 0.5),
    value: random(3, STEPS, VALUE_WIDTH),
    logDecay: tf.sub(tf.mul(random(4, STEPS, WIDTH), 0.02), 0.021),
    beta: tf.mul(tf.add(random(5, STEPS), 1), 0.5),
    initialState: random(6, WIDTH, VALUE_WIDTH),
  };
}

/** Contexts and the last state of steps from a state on. */
function pass(steps: Inputs, rule: readonly string[], state: tf.Tensor): tf.Tensor[] {
  const options = {
    ...Object.fromEntries(rule.map((name) => [name, steps[name]])),
    initialState: state,
    returnState: true,
  } as LinearAttentionOptions & { returnState: true };
  const [query, key, value] = ['query', 'key', 'value'].map((name) => steps[name] as tf.Tensor4D);
  expect(explain({ op: 'linearAttention', query, key, value, ...options })).toMatchObject({ path: 'fused' });
  const { context, state: last } = linearAttention(query, key, value, options);
  return [context, last];
}

function inPieces(inputs: Inputs, rule: readonly string[]): tf.Tensor[] {
  // Split and not sliced: the gradient of a slice is a padding, of which the engine compiles a program for each place.
  const pieces = Object.fromEntries(
    ['query', 'key', 'value', ...rule].map((name) => [name, tf.split(inputs[name], STEPS / PIECE, 2)]),
  );
  const contexts: tf.Tensor[] = [];
  let state = inputs['initialState'];
  for (let piece = 0; piece < STEPS / PIECE; piece++) {
    const steps = Object.fromEntries(Object.entries(pieces).map(([name, all]) => [name, all[piece]]));
    const [context, next] = pass(steps, rule, state);
    contexts.push(context);
    state = next;
  }
  return [tf.concat(contexts, 2), state];
}

test.each(Object.entries(RULES))(
  '%s: many steps at once are the same as in pieces, and so are gradients',
  async (_, rule) => {
    const inputs = randomInputs();
    const weights = tf.randomUniform([1, HEADS, STEPS, VALUE_WIDTH], -1, 1, 'float32', 7);
    const names = ['query', 'key', 'value', 'initialState', ...rule];
    const results = async (run: (inputs: Inputs) => tf.Tensor[]): Promise<Float32Array[]> => {
      const gradients = tf.grads((...tensors: tf.Tensor[]) => {
        const [context, state] = run({ ...inputs, ...Object.fromEntries(names.map((name, n) => [name, tensors[n]])) });
        return tf.add(tf.sum(tf.mul(context, weights)), tf.sum(state));
      })(names.map((name) => inputs[name]));
      const tensors = [...tf.tidy(() => run(inputs)), ...gradients];
      const numbers = await Promise.all(tensors.map((tensor) => tensor.data<'float32'>()));
      tf.dispose(tensors);
      return numbers;
    };
    const whole = await results((all) => pass(all, rule, all['initialState']));
    const pieces = await results((all) => inPieces(all, rule));
    for (const [n, numbers] of whole.entries()) {
      const largest = Math.max(...pieces[n].map(Math.abs));
      const furthest = Math.max(...numbers.map((x, m) => Math.abs(x - pieces[n][m])));
      expect(largest).toBeGreaterThan(0.01);
      expect(furthest / largest, `${['context', 'state', ...names][n]}`).toBeLessThan(2 ** -18);
    }
    tf.dispose([inputs, weights]);
  },
);
