import { listCases, runConformance } from '@heed/conformance';
import {
  NORMALIZERS,
  defineNormalizer,
  defineOp,
  explain,
  pathOf,
  runOp,
  selectBackend,
  weightedContext,
  type AttentionBackend,
  type BackendFactory,
  type ComposedForm,
  type Declaration,
} from '@heed/core';
import * as tf from '@tensorflow/tfjs-core';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const LN2 = Math.log(2);

/** A normaliser that no backend has heard of: 2^s / Σ 2^s. */
const base2 = defineNormalizer({
  name: 'base2',
  title: 'softmax of base 2',
  forward: (scores) => tf.softmax(tf.mul(scores, LN2)),
  backward: (weights, dWeights) =>
    tf.mul(tf.mul(weights, LN2), tf.sub(dWeights, tf.sum(tf.mul(weights, dWeights), -1, true))),
});

interface ProductRequest {
  readonly op: 'productAttention';
  readonly batch: number;
  readonly queries: number;
  readonly keys: number;
  readonly width: number;
  readonly valueWidth: number;
}

interface ProductTypes {
  readonly request: ProductRequest;
  readonly inputs: { readonly query: TensorInfo; readonly key: TensorInfo; readonly value: TensorInfo };
  readonly outputs: { readonly context: TensorInfo };
  readonly cotangents: { readonly dContext: TensorInfo };
  readonly gradients: { readonly dQuery: TensorInfo; readonly dKey: TensorInfo; readonly dValue: TensorInfo };
}

/** An op that no backend has heard of: attention without a normaliser, (q·kᵀ)·v. */
const productAttention = defineOp<ProductTypes>()({
  name: 'productAttention',
  kernelName: 'HeedProductAttention',
  inputs: {
    query: { shape: ({ batch, queries, width }) => [batch, queries, width], differentiable: true },
    key: { shape: ({ batch, keys, width }) => [batch, keys, width], differentiable: true },
    value: { shape: ({ batch, keys, valueWidth }) => [batch, keys, valueWidth], differentiable: true },
  },
  outputs: { context: { shape: ({ batch, queries, valueWidth }) => [batch, queries, valueWidth] } },
  fields: { batch: 'limits', queries: 'limits', keys: 'limits', width: 'limits', valueWidth: 'limits' },
});

const composedProduct: ComposedForm<ProductTypes> = {
  forward: ({ query, key, value }) => ({ context: tf.matMul(tf.matMul(query, key, false, true), value) }),
  backward({ query, key, value, dContext }) {
    const dScores = tf.matMul(dContext, value, false, true);
    return {
      dQuery: tf.matMul(dScores, key),
      dKey: tf.matMul(dScores, query, true),
      dValue: tf.matMul(tf.matMul(query, key, false, true), dContext, true),
    };
  },
};

/** Cases of what an older backend knows. */
const KNOWN = ['heads/dot/hq4-hk2', 'masks/dot/pair/padding+padding', 'normalizers/softmax/plain'];

/** Cases of what it doesn't know, with the reasons that it then gives. */
const UNKNOWN = {
  'additive/base': 'has no kernels for additiveAttention',
  'normalizers/entmax15/plain': "doesn't take the normalizer 'entmax15'",
  'masks/dot/pair/segments+segments': "doesn't take the mask part 'segments'",
  'bias/dot/alibi': "doesn't take the bias part 'alibi'",
  'dropout/weighted/softmax': "doesn't take the option 'dropout'",
};

/**
 * A case of each: for engines that compile a program for each shape. Whatever is asked of a backend besides is told apart by core, which is
 * the same on all engines, and runs in Node.
 */
export const ONE_OF_EACH: readonly string[] = [
  ...KNOWN,
  ...Object.keys(UNKNOWN),
  'leaks/dot/segments/forward',
  'leaks/dot/segments/gradients',
];

/** With what an older backend knows, with what it doesn't, and with both. */
const BEGINNINGS = [
  'manifest/',
  'heads/dot/hq',
  'masks/dot/pair/',
  'bias/dot/alibi',
  'bias/dot/dense+',
  'additive/base',
  ...NORMALIZERS.map((normalizer) => `normalizers/${normalizer}/plain`),
  'dropout/weighted/',
  'leaks/dot/',
];
const ALL: readonly string[] = listCases()
  .map(({ id }) => id)
  .filter((id) => BEGINNINGS.some((beginning) => id.startsWith(beginning)));

/**
 * Tests that what a backend doesn't declare runs composed on it, and leaves it as right as it was.
 *
 * @param cases  ids of cases that run on a backend of before; all that tell by default
 */
export function describeUndeclared(factory: BackendFactory, cases: readonly string[] = ALL): void {
  describe(`on ${factory.name}`, () => {
    describe('what core may learn later', () => {
      let backend: AttentionBackend;
      beforeAll(async () => {
        backend = await selectBackend(factory);
      });
      afterAll(() => backend.dispose());

      it('a normaliser runs composed, and is right', async () => {
        const [scores, value] = [tf.tensor2d([[0, 1, 3, -Infinity]]), tf.tensor2d([[1], [2], [4], [NaN]])];
        const options = { normalizer: base2, mask: tf.tensor1d([1, 1, 1, 0], 'bool') };
        expect(explain({ op: 'weightedContext', scores, value, ...options })).toMatchObject({
          path: 'composed',
          reasons: [expect.stringMatching(/doesn't take the normalizer 'base2'|has no kernels/)],
        });
        // Weights 1/11, 2/11 and 8/11; the gradient in a score is ln 2 times its weight times how far its value is from the mean.
        const mean = (1 + 4 + 32) / 11;
        const { context } = weightedContext(scores, value, options);
        const gradient = tf.grad((s) => weightedContext(s as tf.Tensor2D, value, options).context)(scores);
        expectNumbers(await context.data(), [mean]);
        expectNumbers(await gradient.data(), [...[1, 2, 8].map((w, j) => ((LN2 * w) / 11) * (2 ** j - mean)), 0]);
        tf.dispose([scores, value, options.mask, context, gradient]);
      });

      it('an op runs composed, and is right', async () => {
        const request = { op: 'productAttention', batch: 1, queries: 2, keys: 2, width: 1, valueWidth: 1 } as const;
        const column = (a: number, b: number): number[][][] => [[[a], [b]]];
        const inputs = [column(1, 2), column(3, 4), column(5, 6)].map((numbers) => tf.tensor3d(numbers));
        expect(pathOf(productAttention, request)).toMatchObject({
          path: 'composed',
          reasons: [`${backend.name} has no kernels for productAttention`],
        });
        const run = (...[query, key, value]: tf.Tensor[]): tf.Tensor =>
          runOp({ op: productAttention, request, composed: composedProduct, inputs: { query, key, value } })['context'];
        const context = run(...inputs);
        const gradients = tf.grads(run)(inputs);
        const numbers = await Promise.all([context, ...gradients].map((tensor) => tensor.array()));
        expect(numbers).toEqual([column(39, 78), column(39, 39), column(15, 18), column(9, 12)]);
        tf.dispose([...inputs, context, ...gradients]);
      });
    });

    it(
      'the same kernels as a backend that was made before core knew some of it pass the suite',
      { timeout: 120_000 },
      async () => {
        const report = await runConformance(older(factory), { cases });
        expect(report.cases.filter(({ status }) => status !== 'passed')).toEqual([]);
        const paths = new Map(
          report.cases.map(({ id, path, reasons = [] }) => [id, path === 'fused' ? path : reasons]),
        );
        const hasKernels = report.capabilities.fused.length > 0;
        for (const id of KNOWN) {
          expect(paths.get(id), id).toEqual(hasKernels ? 'fused' : [expect.stringContaining('has no kernels')]);
        }
        for (const [id, reason] of Object.entries(UNKNOWN)) {
          expect(paths.get(id), id).toEqual([expect.stringContaining(hasKernels ? reason : 'has no kernels')]);
        }
      },
    );
  });
}

/** A backend as it would be if core had learnt of additive attention, and of a part of each kind, after it was made. */
const older = (factory: BackendFactory): BackendFactory => ({
  ...factory,
  create: async () => {
    const backend = await factory.create();
    const { additiveAttention: _, ...kernels } = backend.kernels;
    const without = <T extends string>(names: readonly T[] = [], unknown: T): T[] =>
      names.filter((name) => name !== unknown);
    const { masks, biases, normalizers, options } = backend.takes;
    const takes: Declaration = {
      masks: without(masks, 'segments'),
      biases: without(biases, 'alibi'),
      normalizers: without(normalizers, 'entmax15'),
      options: without(options, 'dropout'),
    };
    const capabilities = { ...backend.capabilities, skips: without(backend.capabilities.skips, 'segments') };
    return { ...backend, kernels, takes, capabilities };
  },
});

function expectNumbers(found: ArrayLike<number>, expected: readonly number[]): void {
  expect(found).toHaveLength(expected.length);
  expected.forEach((number, n) => expect(found[n]).toBeCloseTo(number, 4));
}
