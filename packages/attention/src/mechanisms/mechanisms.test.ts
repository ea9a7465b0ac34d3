import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BACKENDS, codeOf, expectClose, expectNoLeak, random, useBackend, values } from '../../test/engine.js';
import {
  additive,
  concat,
  cosine,
  coverage,
  coverageGru,
  coverageLinguistic,
  createMechanism,
  differential,
  dot,
  forward,
  gatedDelta,
  general,
  latent,
  linear,
  gmm,
  localM,
  localP,
  locationSensitive,
  MECHANISM_KINDS,
  mocha,
  monotonic,
  multiHead,
  multiToken,
  retention,
  scaledDotProduct,
  twoSimplicial,
  stepwiseMonotonic,
  visualSentinel,
  type AttentionMechanism,
  type AttentionState,
  type MultiHeadOptions,
} from '../index.js';

const Q = 4;
const M = 6;
const multi = {
  queryWidth: Q,
  memoryWidth: M,
  heads: 4,
  keyHeads: 2,
  headWidth: 4,
  valueWidth: 3,
  outputWidth: 5,
  seed: 3,
};

interface Row {
  readonly make: () => AttentionMechanism;
  /** Scores need an alignment because they depend on positions. */
  readonly positional?: true;
  /** Rows of weights don't sum to 1. */
  readonly unnormalized?: true;
  /** Some weights are 0 by the formula, so many are alike. */
  readonly sparse?: true;
}

/** Multi-head attention with an option. */
const optional = (options: Partial<MultiHeadOptions>): Row => ({ make: () => multiHead({ ...multi, ...options }) });

const place = { queryWidth: Q, memoryWidth: M, outputWidth: 5, heads: 2, seed: 3 };

const rows: Record<string, Row> = {
  additive: { make: () => additive({ queryWidth: Q, memoryWidth: M, units: 5, seed: 1 }) },
  'additive without b': { make: () => additive({ queryWidth: Q, memoryWidth: M, units: 5, seed: 1, bias: false }) },
  'additive, normalized': {
    make: () => additive({ queryWidth: Q, memoryWidth: M, units: 5, seed: 1, normalized: true }),
  },
  coverage: { make: () => coverage({ queryWidth: Q, memoryWidth: M, units: 5, seed: 1 }) },
  'coverage without b, normalized': {
    make: () => coverage({ queryWidth: Q, memoryWidth: M, units: 5, seed: 1, bias: false, normalized: true }),
  },
  concat: { make: () => concat({ queryWidth: Q, memoryWidth: M, units: 5, seed: 1 }) },
  general: { make: () => general({ queryWidth: Q, memoryWidth: M, seed: 1 }) },
  dot: { make: () => dot({ width: Q }) },
  scaledDotProduct: { make: () => scaledDotProduct({ width: Q }) },
  'scaledDotProduct, learned': { make: () => scaledDotProduct({ width: Q, scale: 'learned' }) },
  cosine: { make: () => cosine({ width: Q }) },
  'cosine, learned': { make: () => cosine({ width: Q, scale: 'learned' }) },
  multiHead: { make: () => multiHead(multi) },
  'multiHead without biases': { make: () => multiHead({ ...multi, bias: false }) },
  'multiHead, one key head, soft cap': { make: () => multiHead({ ...multi, keyHeads: 1, softCap: 0.5 }) },
  'multiHead, rotary': {
    make: () => multiHead({ ...multi, rotary: { base: 7 } }),
    positional: true,
  },
  'multiHead, rotary in halves of a part': {
    make: () => multiHead({ ...multi, rotary: { layout: 'half', width: 2 } }),
    positional: true,
  },
  'multiHead, ALiBi': {
    make: () => multiHead({ ...multi, alibi: {} }),
    positional: true,
  },
  'multiHead, relative': {
    make: () => multiHead({ ...multi, relative: { reach: 2 } }),
    positional: true,
  },
  'multiHead, relative shared and rotary': {
    make: () => multiHead({ ...multi, relative: { reach: 1, shared: true }, rotary: {} }),
    positional: true,
  },
  'multiHead, qkNorm head': optional({ qkNorm: 'head' }),
  'multiHead, qkNorm full': optional({ qkNorm: 'full' }),
  'multiHead, qkNorm l2': optional({ qkNorm: 'l2' }),
  'multiHead, elementwise gate': optional({ gate: 'elementwise' }),
  'multiHead, headwise gate': optional({ gate: 'headwise' }),
  'multiHead, sinks': { ...optional({ sinks: true }), unnormalized: true },
  'multiHead, sigmoid': { ...optional({ normalizer: 'sigmoid' }), unnormalized: true },
  'multiHead, entmax': optional({ normalizer: 'entmax' }),
  'multiHead, entmax of a number': optional({ normalizer: 'entmax', alpha: 1.3 }),
  'multiHead, talking heads': {
    make: () => multiHead({ ...multi, talkingHeads: { softmaxHeads: 2, valueHeads: 2 } }),
    unnormalized: true,
  },
  'multiHead, span': {
    ...optional({ span: { max: 2, ramp: 1.5 } }),
    positional: true,
  },
  'multiHead, dynamic span': {
    ...optional({ span: { max: 2, ramp: 2.5, dynamic: true } }),
    positional: true,
  },
  'multiHead, streaming': {
    ...optional({ streaming: { sinks: 1, window: 1 } }),
    positional: true,
  },
  differential: {
    make: () => differential({ ...place, headWidth: 3 }),
    unnormalized: true,
  },
  multiToken: {
    // Of more than one query, a step alone doesn't have the others' scores: those are in the conformance suite.
    make: () =>
      multiToken({
        ...place,
        heads: 4,
        headWidth: 3,
        valueWidth: 2,
        kernel: [1, 3],
        postKernel: [1, 3],
        headGroup: 2,
        norm: true,
      }),
    positional: true,
    unnormalized: true,
  },
  twoSimplicial: { make: () => twoSimplicial({ ...place, headWidth: 3, valueWidth: 2 }) },
  'twoSimplicial, windows': {
    make: () => twoSimplicial({ ...place, headWidth: 3, valueWidth: 2, windows: [3, 2] }),
    positional: true,
  },
  ...Object.fromEntries(
    (['plain', 'absorbed'] as const).map((form) => [
      `latent, ${form}`,
      {
        make: () =>
          latent({ ...place, latentWidth: 5, queryLatentWidth: 3, rotaryWidth: 2, headWidth: 3, norm: true, form }),
        positional: true,
      } satisfies Row,
    ]),
  ),
  linear: { make: () => linear({ ...place, headWidth: 3, valueWidth: 2, bias: true }) },
  retention: { make: () => retention({ ...place, headWidth: 3, valueWidth: 2 }), positional: true, unnormalized: true },
  'retention, turned': {
    make: () => retention({ ...place, headWidth: 4, valueWidth: 2, rotary: { base: 7 } }),
    positional: true,
    unnormalized: true,
  },
  gatedDelta: {
    make: () => gatedDelta({ ...place, headWidth: 3, valueWidth: 2 }),
    positional: true,
    unnormalized: true,
  },
  ...remembering(),
};

/** Those that are told what the steps before saw, and those whose weights aren't a softmax. */
function remembering(): Record<string, Row> {
  const place = { queryWidth: Q, memoryWidth: M, units: 5, seed: 1 };
  const filtered = { ...place, filters: 3, filterSize: 3 };
  return {
    locationSensitive: { make: () => locationSensitive(filtered) },
    'locationSensitive, cumulative': {
      make: () => locationSensitive({ ...filtered, source: 'cumulative', bias: false }),
    },
    'locationSensitive, both, smoothing': {
      make: () => locationSensitive({ ...filtered, source: 'both', normalizer: 'smoothing' }),
    },
    coverageLinguistic: { make: () => coverageLinguistic({ ...place, maxFertility: 1.5 }) },
    coverageGru: { make: () => coverageGru({ ...place, coverageWidth: 2 }) },
    monotonic: { make: () => monotonic(place), unnormalized: true },
    mocha: { make: () => mocha({ ...place, chunk: 2 }), unnormalized: true },
    stepwiseMonotonic: {
      make: () => stepwiseMonotonic(place),
      unnormalized: true,
      sparse: true,
    },
    forward: { make: () => forward(place), sparse: true },
    'forward, with an agent': {
      make: () => forward({ ...place, agent: true, agentUnits: 3 }),
      sparse: true,
    },
    'forward, with an agent that is told what was written': {
      make: () => forward({ ...place, queryWidth: Q - 1, agent: true, agentUnits: 3, outputWidth: 1 }),
      sparse: true,
    },
    gmm: {
      make: () => gmm({ ...place, components: 2 }),
      unnormalized: true,
    },
    'gmm, V0': {
      make: () => gmm({ queryWidth: Q, memoryWidth: M, seed: 1, components: 2, version: 'V0', origin: 1 }),
      unnormalized: true,
    },
    localM: {
      make: () => localM({ queryWidth: Q, memoryWidth: M, halfWidth: 1, seed: 1 }),
      sparse: true,
    },
    'localM, dot': {
      make: () => localM({ queryWidth: M, memoryWidth: M, halfWidth: 1, score: 'dot', seed: 1 }),
      sparse: true,
    },
    localP: {
      make: () => localP({ ...place, halfWidth: 2 }),
      unnormalized: true,
    },
    visualSentinel: { make: () => visualSentinel(place), unnormalized: true },
    'visualSentinel, from a cell': {
      make: () => visualSentinel({ ...place, queryWidth: 3 * M + 2, fromCell: true }),
      unnormalized: true,
    },
    'localP, renormalized': { make: () => localP({ ...place, halfWidth: 2, renormalize: true }) },
  };
}

/** Parameters that start as constants would hide mistakes. */
function scramble(mechanism: AttentionMechanism): AttentionMechanism {
  Object.values(mechanism.parameters).forEach((parameter, n) => {
    tf.tidy(() => parameter.assign(random(parameter.shape, 50 + n)));
  });
  return mechanism;
}

it('every mechanism is here', () => {
  const kinds = Object.keys(rows).map((name) => name.split(/,| with/)[0]);
  expect([...new Set(kinds)].toSorted()).toEqual(MECHANISM_KINDS.toSorted());
});

describe.each(BACKENDS)('on $name', (factory) => {
  useBackend(factory);

  describe.each(Object.entries(rows))('%s', (_, { make, positional, unnormalized, sparse }) => {
    // B = T = Tk: a query that isn't expanded over the memory would broadcast over the batch without an error.
    const [B, T, Tk] = [3, 3, 3];
    let mechanism: AttentionMechanism;
    let query: tf.Tensor3D;
    let memory: tf.Tensor3D;
    beforeAll(() => {
      mechanism = scramble(make());
      query = random<tf.Rank.R3>([B, T, mechanism.queryWidth], 1);
      memory = random<tf.Rank.R3>([B, Tk, mechanism.memoryWidth], 2);
    });
    afterAll(() => {
      mechanism.dispose();
      tf.dispose([query, memory]);
    });

    it('gives context, weights and logSumExp, and rows of weights sum to 1', () => {
      const { context, weights, logSumExp } = mechanism.attend(query, mechanism.prepare(memory), {
        returnWeights: true,
        returnLogSumExp: true,
      });
      expect(context.shape).toEqual([B, T, mechanism.contextWidth]);
      expect(weights.shape.slice(-2)).toEqual([T, Tk]);
      expect(logSumExp.shape).toEqual(weights.shape.slice(0, -1));
      if (!unnormalized)
        expectClose(values(tf.sum(weights, -1)), Array(tf.util.sizeFromShape(logSumExp.shape)).fill(1));
      expect(new Set(values(weights)).size).toBeGreaterThan(sparse ? T : T * Tk); // a softmax over an axis of length 1 gives only ones
    });

    it('gives padding a weight of exactly 0, and what it holds reaches nothing', () => {
      const lengths = [2, 3, 0];
      const bad = [NaN, Infinity, -Infinity];
      const spoilt = tf.tidy(() => {
        const data = memory.arraySync();
        data[0][2].forEach((_, m) => (data[0][2][m] = bad[m % 3]));
        data[2].forEach((h) => h.fill(NaN));
        return tf.tensor3d(data);
      });
      const run = (h: tf.Tensor3D): tf.Tensor[] => {
        const { context, weights } = mechanism.attend(query, mechanism.prepare(h, { lengths }), {
          returnWeights: true,
        });
        const gradients = tf.grads((q, m) =>
          tf.sum(tf.square(mechanism.attend(q!, mechanism.prepare(m as tf.Tensor3D, { lengths })).context)),
        )([query, h]);
        const variables = Object.values(mechanism.parameters);
        const byName =
          variables.length === 0
            ? {}
            : tf.variableGrads(
                () => tf.sum(tf.square(mechanism.attend(query, mechanism.prepare(h, { lengths })).context)),
                variables,
              ).grads;
        return [context, weights, ...gradients, ...Object.values(byName)];
      };
      const [clean, dirty] = [run(memory), run(spoilt)];
      clean.forEach((tensor, n) => expect(values(dirty[n])).toEqual(values(tensor)));
      const weights = tf.reshape(clean[1], [B, -1, Tk]).arraySync() as number[][][];
      for (const row of weights[0]) expect(row[2]).toBe(0);
      for (const row of weights[2]) expect(row).toEqual([0, 0, 0]);
      expect(values(clean[0]).every(Number.isFinite)).toBe(true);
      expect(
        Math.max(
          ...values(clean[3])
            .slice(-Tk * mechanism.memoryWidth)
            .map(Math.abs),
        ),
      ).toBe(0);
    });

    it('takes a mask of the memory as it takes lengths', () => {
      const mask = tf.tensor2d([1, 1, 0, 1, 1, 1, 1, 0, 0], [B, Tk], 'bool');
      const [byMask, byLengths] = [
        mechanism.prepare(memory, { mask }),
        mechanism.prepare(memory, { lengths: [2, 3, 1] }),
      ];
      expect(values(mechanism.attend(query, byMask).context)).toEqual(
        values(mechanism.attend(query, byLengths).context),
      );
    });

    it('one step is a row of all steps', () => {
      const prepared = mechanism.prepare(memory);
      const all = mechanism.attend(query, prepared, { returnWeights: true, returnLogSumExp: true });
      let state: AttentionState | undefined;
      for (let t = 0; t < T; t++) {
        const step = mechanism.attend(tf.squeeze(tf.slice(query, [0, t, 0], [B, 1, -1]), [1]), prepared, {
          returnWeights: true,
          returnLogSumExp: true,
          state,
          ...(positional && { alignment: { offset: t } }),
        });
        ({ state } = step);
        expect(state !== undefined).toBe(mechanism.keepsState);
        const row = (x: tf.Tensor, axis: number): tf.Tensor => tf.gather(x, t, axis);
        expect(step.context.shape).toEqual([B, mechanism.contextWidth]);
        expect(step.weights.shape).toEqual(all.weights.shape.filter((_, axis) => axis !== all.weights.rank - 2));
        expectClose(values(step.context), values(row(all.context, 1)), 1e-6);
        expectClose(values(step.weights), values(row(all.weights, all.weights.rank - 2)), 1e-6);
        expectClose(values(step.logSumExp), values(row(all.logSumExp, all.logSumExp.rank - 1)), 2e-6);
      }
    });

    it("a row's result is the same bits whatever else is in the batch", () => {
      const lengths = [2, 3, 1];
      const all = mechanism.attend(query, mechanism.prepare(memory, { lengths })).context;
      for (let b = 0; b < B; b++) {
        const [q, m] = [query, memory].map((x) => tf.slice(x, [b, 0, 0], [1, -1, -1])) as [tf.Tensor3D, tf.Tensor3D];
        const alone = mechanism.attend(q, mechanism.prepare(m, { lengths: [lengths[b]] })).context;
        expect(values(alone)).toEqual(values(tf.slice(all, [b, 0, 0], [1, -1, -1])));
        const short = mechanism.prepare(tf.slice(m, [0, 0, 0], [1, lengths[b], -1]));
        const options = positional && { alignment: { offset: 0 } };
        expect(values(mechanism.attend(q, short, options).context)).toEqual(values(alone));
      }
    });

    it('drops weights by the seed, and returns them undropped', () => {
      const prepared = mechanism.prepare(memory);
      const run = (seed: number): number[] =>
        values(mechanism.attend(query, prepared, { dropout: { rate: 0.5, seed } }).context);
      expect(run(1)).toEqual(run(1));
      expect(run(1)).not.toEqual(run(2));
      const { weights } = mechanism.attend(query, prepared, { dropout: { rate: 0.5, seed: 1 }, returnWeights: true });
      const undropped = mechanism.attend(query, prepared, { returnWeights: true });
      expect(values(weights)).toEqual(values(undropped.weights));
    });

    it('appending is preparing more at once, and leaves the gradient whole', () => {
      const pieces = tf.split(memory, [1, 2], 1) as [tf.Tensor3D, tf.Tensor3D];
      const grow = (a: tf.Tensor3D, b: tf.Tensor3D) => mechanism.prepare(a).append(b);
      const prepared = mechanism.prepare(memory);
      const grown = grow(...pieces);
      expect(grown.length).toBe(Tk);
      expect(values(mechanism.attend(query, grown).context)).toEqual(values(mechanism.attend(query, prepared).context));
      const loss = (context: tf.Tensor): tf.Scalar => tf.sum(tf.square(context));
      const [whole] = tf.grads((m) => loss(mechanism.attend(query, mechanism.prepare(m as tf.Tensor3D)).context))([
        memory,
      ]);
      const parts = tf.grads((a, b) => loss(mechanism.attend(query, grow(a as tf.Tensor3D, b as tf.Tensor3D)).context))(
        pieces,
      );
      expectClose(values(tf.concat(parts, 1)), values(whole!), 1e-6);
    });

    it('leaks nothing, and keeps what it borrows', () => {
      expectNoLeak(() => {
        const prepared = mechanism.prepare(memory, { lengths: [1, 2, 3] });
        const result = mechanism.attend(query, prepared, { returnWeights: true, returnLogSumExp: true });
        prepared.dispose();
        prepared.dispose();
        return { ...result };
      });
      const copy = tf.clone(memory);
      const prepared = mechanism.prepare(copy);
      copy.dispose();
      expect(values(mechanism.attend(query, prepared).context)).not.toContain(NaN);
    });

    it('is rebuilt to the bit by its configuration and parameters, through JSON', () => {
      const config: unknown = JSON.parse(JSON.stringify(mechanism.config()));
      const same = createMechanism(config, mechanism.parameters);
      expect(same.config()).toEqual(mechanism.config());
      const run = (m: AttentionMechanism): number[] => values(m.attend(query, m.prepare(memory)).context);
      expect(run(same)).toEqual(run(mechanism));
      same.dispose();
      expect(run(mechanism)).toHaveLength(B * T * mechanism.contextWidth);
      const [fresh, again] = [make(), createMechanism(config)];
      expect(run(again)).toEqual(run(fresh));
      expectNoLeak(() => {
        const third = make();
        third.dispose();
        return [];
      });
      tf.dispose([Object.values(fresh.parameters), Object.values(again.parameters)]);
    });

    it('refuses what it was not built for', () => {
      const prepared = mechanism.prepare(memory);
      const other = make();
      const elsewhere = other.prepare(memory);
      const wide = random<tf.Rank.R3>([B, T, mechanism.queryWidth + 1]);
      const flat = tf.reshape(memory, [-1]) as unknown as tf.Tensor3D;
      const whole = tf.cast(memory, 'int32');
      const fewer = tf.slice(query, 0, 1);
      const shorter = tf.slice(query, [0, 0, 0], [B, 2, -1]);
      const ones = tf.ones([B, Tk]);
      const gone = random<tf.Rank.R3>([B, Tk, mechanism.memoryWidth]);
      gone.dispose();
      const cases: [string, () => unknown][] = [
        ['SHAPE_MISMATCH', () => mechanism.attend(wide, prepared)],
        ['SHAPE_MISMATCH', () => mechanism.attend(fewer, prepared)],
        ['SHAPE_MISMATCH', () => mechanism.prepare(flat)],
        ['SHAPE_MISMATCH', () => mechanism.prepare(memory, { lengths: [1, 2] })],
        ['SHAPE_MISMATCH', () => mechanism.prepare(memory, { keys: flat })],
        ['INVALID_ARGUMENT', () => mechanism.prepare(memory, { lengths: [1, 2, Tk + 1] })],
        ['INVALID_ARGUMENT', () => mechanism.prepare(memory, { lengths: [1, 2, 1.5] })],
        ['DTYPE_UNSUPPORTED', () => mechanism.prepare(whole)],
        ['DTYPE_UNSUPPORTED', () => mechanism.prepare(memory, { mask: ones as tf.Tensor2D })],
        ['DISPOSED', () => mechanism.prepare(gone)],
        ['INVALID_ARGUMENT', () => mechanism.attend(query, elsewhere)],
        ['INVALID_ARGUMENT', () => mechanism.attend(query, {} as never)],
        ['INVALID_ARGUMENT', () => mechanism.attend(null as never, prepared)],
        ['INVALID_ARGUMENT', () => mechanism.attend(query, prepared, { dropout: { rate: 2, seed: 1 } })],
        ['ALIGNMENT_REQUIRED', () => mechanism.attend(shorter, prepared, { causal: true })],
        [
          'INVALID_ARGUMENT',
          () => mechanism.attend(query, prepared, { causal: { offset: 0 }, alignment: { offset: 0 } }),
        ],
        ['SHAPE_MISMATCH', () => prepared.append(wide)],
        ['INVALID_ARGUMENT', () => prepared.reorder([0, B])],
        ['INVALID_ARGUMENT', () => prepared.reorder([-1])],
      ];
      const tensors = tf.memory().numTensors;
      for (const [code, run] of cases) expect(codeOf(run)).toBe(code);
      expect(tf.memory().numTensors).toBe(tensors);
      other.dispose();
      other.dispose();
      expect(codeOf(() => other.prepare(memory))).toBe('DISPOSED');
      expect(codeOf(() => other.attend(query, prepared))).toBe('DISPOSED');
      prepared.dispose();
      expect(codeOf(() => mechanism.attend(query, prepared))).toBe('DISPOSED');
      expect(codeOf(() => prepared.append(memory))).toBe('DISPOSED');
      expect(codeOf(() => prepared.reorder([0]))).toBe('DISPOSED');
    });
  });
});
