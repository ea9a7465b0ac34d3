import { describe, expect, it } from 'vitest';
import { draw } from './draw.js';
import { greatest } from './greatest.js';
import { checkSampling, type SamplingOptions } from './sampling.js';

// Of 0.5, 0.3, 0.15 and 0.05, not in this order.
const logits = [0.15, 0.5, 0.05, 0.3].map((probability) => Math.log(probability) + 7);
const COUNT = 1000;

/** How often each number is drawn, by uniform numbers at equal distances. */
function shares(options: SamplingOptions): number[] {
  const counts = [0, 0, 0, 0];
  const checked = checkSampling(options);
  for (let n = 0; n < COUNT; n++) counts[draw(logits, checked, (n + 0.5) / COUNT)]++;
  return counts.map((count) => count / COUNT);
}

describe('draw', () => {
  it('draws by the probabilities', () => {
    expect(shares({})).toEqual([0.15, 0.5, 0.05, 0.3]);
  });

  it('draws by their powers at a temperature', () => {
    const powers = [0.15 ** 2, 0.5 ** 2, 0.05 ** 2, 0.3 ** 2];
    const total = powers.reduce((sum, power) => sum + power, 0);
    shares({ temperature: 0.5 }).forEach((share, n) => expect(share).toBeCloseTo(powers[n] / total, 2));
    expect(shares({ temperature: 0 })).toEqual([0, 1, 0, 0]);
  });

  it('keeps to the topK most probable', () => {
    expect(shares({ topK: 1 })).toEqual([0, 1, 0, 0]);
    expect(shares({ topK: 2 })).toEqual([0, 0.625, 0, 0.375]);
    expect(shares({ topK: 99 })).toEqual([0.15, 0.5, 0.05, 0.3]);
    // However many are kept, those are that sorting gives.
    const many = Float64Array.from({ length: 300 }, (_, n) =>
      n % 50 === 7 ? -Infinity : Math.floor(97 * Math.sin(n)),
    );
    const sorted = Array.from(many, (_, n) => n).toSorted((a, b) => many[b] - many[a] || a - b);
    for (const count of [1, 2, 64, 65, 300, 301]) expect(greatest(many, count)).toEqual(sorted.slice(0, count));
  });

  it('keeps to the smallest nucleus that reaches topP', () => {
    expect(shares({ topP: 0.4 })).toEqual([0, 1, 0, 0]);
    expect(shares({ topP: 0.7 })).toEqual([0, 0.625, 0, 0.375]);
    expect(shares({ topP: 0.96 })).toEqual([0.15, 0.5, 0.05, 0.3]);
    // Of the two that topK leaves, the first has 0.625.
    expect(shares({ topK: 2, topP: 0.6 })).toEqual([0, 1, 0, 0]);
  });

  it('takes the lower number of equally probable ones, and one that is certain', () => {
    expect(draw([1, 1, 1], checkSampling({ temperature: 0 }), 0.5)).toBe(0);
    expect(draw([-1e4, 1e4, -Infinity], checkSampling({}), 1 - 2 ** -33)).toBe(1);
  });
});
