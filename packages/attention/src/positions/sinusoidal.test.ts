import { describe, expect, it } from 'vitest';
import { BACKENDS, codeOf, expectClose, useBackend, values } from '../../test/engine.js';
import { sinusoidal } from '../index.js';

describe('sinusoidal', () => {
  useBackend(BACKENDS[0]);

  it('by hand: sines and cosines alternate, at angles p, p/100 for width 4', () => {
    const expected = [0, 1, 2].flatMap((p) => [Math.sin(p), Math.cos(p), Math.sin(p / 100), Math.cos(p / 100)]);
    expect(sinusoidal({ length: 3, width: 4 }).shape).toEqual([3, 4]);
    expectClose(values(sinusoidal({ length: 3, width: 4 })), expected, 1e-7);
  });

  it('starts at an offset, also far away, where float32 angles would be wrong', () => {
    const all = values(sinusoidal({ length: 12, width: 6, base: 50 }));
    expect(values(sinusoidal({ length: 2, width: 6, base: 50, offset: 10 }))).toEqual(all.slice(60));
    const far = 123_456_789;
    expectClose(values(sinusoidal({ length: 1, width: 2, offset: far })), [Math.sin(far), Math.cos(far)], 1e-7);
  });

  it('a shift of k positions is the same linear map everywhere, as the paper says of it', () => {
    const rows = Array.from({ length: 8 }, (_, p) => values(sinusoidal({ length: 1, width: 2, offset: p })));
    const [sin, cos] = rows[3] as [number, number];
    for (let p = 0; p < 5; p++) {
      const [s, c] = rows[p] as [number, number];
      expectClose(rows[p + 3], [s * cos + c * sin, c * cos - s * sin], 1e-6);
    }
  });

  it('of odd width ends on a sine, of length 0 is empty', () => {
    expect(values(sinusoidal({ length: 1, width: 3, offset: 1 }))[2]).toBeCloseTo(Math.sin(10000 ** (-2 / 3)), 7);
    expect(sinusoidal({ length: 0, width: 3 }).shape).toEqual([0, 3]);
  });

  it.each([
    { length: -1, width: 2 },
    { length: 1.5, width: 2 },
    { length: 1, width: 0 },
    { length: 1, width: 2, base: 0 },
  ])('refuses %j', (options) => expect(codeOf(() => sinusoidal(options))).toBe('INVALID_ARGUMENT'));
});
