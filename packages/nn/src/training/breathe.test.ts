import { afterEach, expect, it, vi } from 'vitest';
import { breathe } from './breathe.js';

afterEach(() => vi.unstubAllGlobals());

it.each(['in Node', 'in a page'])(
  'lets what waits have its turn, and goes on sooner than a timer would (%s)',
  async (where) => {
    if (where === 'in a page') vi.stubGlobal('setImmediate', undefined);
    let isTurn = false;
    setTimeout(() => (isTurn = true), 0);
    let breaths = 0;
    while (!isTurn && breaths < 1e6) {
      await breathe();
      breaths++;
    }
    expect(isTurn).toBe(true);
    expect(breaths).toBeGreaterThan(1);
  },
);
