import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { createSeq2Seq } from '../src/recurrent/seq2seq.js';
import type { WatchedStep } from '../src/decoding/watch.js';
import { CPU, useEngine } from '../../nn/test/engines.js';
import { VARIANTS, symbols } from './models.js';

const SOURCE = symbols('cabdabcd');

describe('watch', () => {
  it.each(VARIANTS)('is greedy search: %s', async (_, config) => {
    await useEngine(CPU);
    const model = createSeq2Seq(config);
    const before = tf.memory().numTensors;
    const [greedy] = await model.greedy([SOURCE]);
    const steps: WatchedStep[] = [];
    for await (const step of model.watch(SOURCE)) steps.push(step);
    expect(steps.flatMap(({ symbol }) => symbol ?? [])).toEqual(greedy!.output);
    expect(steps.at(-1)!.symbol === undefined).toBe(greedy!.finished);
    expect(steps.map(({ logProbability }) => logProbability)).toEqual(greedy!.tokenLogProbabilities);
    greedy!.weights?.forEach((row, i) => expect(steps[i].weights).toEqual(row));
    for (const { candidates, scores, weights, context } of steps) {
      const beyond = config.copying
        ? new Set(SOURCE.filter((symbol) => !config.targetSymbols.includes(symbol))).size
        : 0;
      expect(candidates).toHaveLength(config.targetSymbols.length + 1 + beyond);
      expect(candidates.reduce((sum, one) => sum + Math.exp(one.logProbability), 0)).toBeCloseTo(1, 6);
      expect(context.every(Number.isFinite)).toBe(true);
      if (config.attention.kind === 'multiHead' || config.attention.kind === 'none') expect(scores).toBeUndefined();
      else {
        // The softmax of the scores is the weights.
        const sum = scores!.reduce((total, score) => total + Math.exp(score), 0);
        scores!.forEach((score, j) => expect(Math.exp(score) / sum).toBeCloseTo(weights![j], 5));
      }
    }
    expect(tf.memory().numTensors).toBe(before);
    model.dispose();
  });

  it('frees everything when it is left early, and when a symbol is unknown', async () => {
    await useEngine(CPU);
    const model = createSeq2Seq(VARIANTS[0][1]);
    const before = tf.memory().numTensors;
    for await (const step of model.watch(SOURCE)) {
      expect(step.candidates[0].symbol).toBe(step.symbol);
      break;
    }
    await expect(model.watch(symbols('xyz')).next()).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    expect(tf.memory().numTensors).toBe(before);
    model.dispose();
    await expect(model.watch(SOURCE).next()).rejects.toMatchObject({ code: 'DISPOSED' });
  });
});
