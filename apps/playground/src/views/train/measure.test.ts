import { describe, expect, test } from 'vitest';
import { measureOf, valueOf } from './measure.js';

describe('measure of a training', () => {
  test.each([
    ['g2p', { tokenErrorRate: 0.25, sequenceErrorRate: 0.5 }, 0.25],
    ['pairs', { tokenErrorRate: 0.5, sequenceErrorRate: 1 }, 0.5],
    ['labels', { crossEntropy: 1, accuracy: 0.75, macroF1: 0.7 }, 0.25],
    ['text', { bitsPerCharacter: 2.5, perplexityPerCharacter: 5.6 }, 2.5],
  ])('%s: what is wrong, the less the better', (task, figures: Record<string, number>, value) => {
    expect(valueOf(measureOf(task), figures)).toBe(value);
  });
  test('figures of something else have none', () => {
    expect(valueOf('labels', { tokenErrorRate: 0.5 })).toBeUndefined();
  });
});
