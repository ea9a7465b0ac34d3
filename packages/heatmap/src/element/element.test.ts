import { expect, test } from 'vitest';
import { AttentionHeatmap, defineAttentionHeatmap } from '../element.js';

test('importing works without a DOM, where it can’t be defined', () => {
  expect(AttentionHeatmap.observedAttributes).toEqual(['view']);
  expect(() => defineAttentionHeatmap()).toThrow(ReferenceError);
});
