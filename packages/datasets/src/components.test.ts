import { describe, expect, it } from 'vitest';
import { Components } from './components.js';

describe('Components', () => {
  it('joins through others, under the least key, in whatever order', () => {
    const pairs: [string, string][] = [
      ['d', 'c'],
      ['x', 'y'],
      ['b', 'c'],
      ['d', 'e'],
      ['e', 'b'],
    ];
    for (const order of [pairs, pairs.toReversed()]) {
      const components = new Components();
      for (const [a, b] of order) components.join(a, b);
      expect(['a', 'b', 'c', 'd', 'e', 'x', 'y'].map((key) => components.nameOf(key)).join('')).toBe('abbbbxx');
    }
  });
});
