import '@tensorflow/tfjs-backend-cpu';
import { HeedError, dotProductAttention, scoreHook } from '@heed/core';
import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import type { GraphMessage, NodeMessage, TensorMessage } from '../protobuf.js';
import { modifierOf } from './modifier.js';

const SHAPE = [1, 2, 3, 4] as const;

const node = (opType: string, input: string[], output: string, attributes: object = {}): NodeMessage => ({
  opType,
  input,
  output: [output],
  domain: '',
  attribute: Object.entries(attributes).map(([name, i]) => ({
    name,
    i: i as number,
    f: 0,
    t: null,
    g: null,
    s: '',
    ints: [],
    type: 2,
  })),
});

const whole = (name: string, values: number[], dims = [values.length]): TensorMessage => ({
  name,
  dims,
  dataType: 7,
  int64Data: values,
  floatData: [],
  int32Data: [],
  doubleData: [],
  rawData: new Uint8Array(),
  dataLocation: 0,
});

const graph = (nodes: NodeMessage[], initializer: TensorMessage[] = []): GraphMessage => ({
  node: nodes,
  initializer,
  input: [{ name: 's' }],
  output: [{ name: 'y' }],
});

/** Scores 0 … after the graph. */
function scoresAfter(modifier: ReturnType<typeof modifierOf>): number[] {
  const [, , queries, keys] = SHAPE;
  const query = tf.ones([1, 2, queries, 1]) as tf.Tensor4D;
  const key = tf.tensor4d([0, 1, 2, 3, 0, 1, 2, 3], [1, 2, keys, 1]);
  const hook = scoreHook((at, read) => modifier.formula(at, at.score, read), modifier.captures);
  const { weights } = dotProductAttention(query, key, key, { scale: 1, scoreHook: hook, returnWeights: true });
  const plain = dotProductAttention(query, key, key, { scale: 1, returnWeights: true }).weights;
  // What was added, up to a constant of each row.
  const added = tf.log(tf.div(weights, plain)) as tf.Tensor4D;
  return [...tf.sub(added, tf.slice(added, [0, 0, 0, 0], [1, 2, queries, 1])).dataSync()];
}

test('whole numbers are divided as ONNX divides them, and positions are captured', () => {
  // (query − key) / 2 without what comes after the point, then % 2.
  const nodes = [
    node('Shape', ['s'], 'shape'),
    node('Gather', ['shape', 'two'], 'L', { axis: 0 }),
    node('Gather', ['shape', 'three'], 'S', { axis: 0 }),
    node('Range', ['zero', 'L', 'one'], 'q'),
    node('Range', ['zero', 'S', 'one'], 'k'),
    node('Unsqueeze', ['q', 'axes'], 'column'),
    node('Sub', ['column', 'k'], 'distance'),
    node('Div', ['distance', 'divisor'], 'half'),
    node('Cast', ['half', ''].slice(0, 1), 'number', { to: 1 }),
    node('Add', ['s', 'number'], 'y'),
  ];
  const initializer = [
    whole('zero', [0], []),
    whole('one', [1], []),
    whole('two', [2], []),
    whole('three', [3], []),
    whole('divisor', [2], []),
    whole('axes', [1]),
  ];
  const modifier = modifierOf('test', graph(nodes, initializer), SHAPE);
  expect(Object.keys(modifier.captures)).toEqual(['number']);
  expect(modifier.captures['number'].shape).toEqual([1, 1, 3, 4]);
  const expected = [0, 1, 2].flatMap((q) => [0, 1, 2, 3].map((k) => Math.trunc((q - k) / 2) - Math.trunc(q / 2)));
  const found = scoresAfter(modifier);
  for (const [n, x] of [...expected, ...expected].entries()) expect(found[n]).toBeCloseTo(x, 4);
});

test.each([
  ['an operator that isn’t elementwise', [node('Softmax', ['s'], 'y')], /Softmax/],
  ['an unknown operator of positions', [node('Einsum', ['s2'], 'x'), node('Add', ['s', 'x'], 'y')], /Einsum/],
  ['a value that nothing computes', [node('Add', ['s', 'z'], 'y')], /'z' isn't computed/],
  [
    'a constant of another shape',
    [node('Shape', ['s'], 'shape'), node('Add', ['s', 'five'], 'y')],
    /'five' \[5\] doesn't broadcast/,
  ],
])('%s is refused', (_, nodes, message) => {
  const run = (): unknown => {
    const modifier = modifierOf('test', graph(nodes, [whole('five', [1, 2, 3, 4, 5])]), SHAPE);
    return scoreHook((at, read) => modifier.formula(at, at.score, read), modifier.captures);
  };
  expect(run).toThrow(HeedError);
  expect(run).toThrow(message);
});
