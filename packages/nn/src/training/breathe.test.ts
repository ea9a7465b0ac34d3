import { afterEach, expect, it, vi } from 'vitest';
import { breathe } from './breathe.js';

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

it.each(['in Node', 'in a page'])('lets a timer have its turn, and asks for none itself (%s)', async (where) => {
  if (where === 'in a page') vi.stubGlobal('setImmediate', undefined);
  const turns: string[] = [];
  setTimeout(() => turns.push('timer'), 0);
  const timers = vi.spyOn(globalThis, 'setTimeout');
  for (let breaths = 0; turns.length === 0 && breaths < 1e6; breaths++) await breathe();
  expect(turns).toEqual(['timer']);
  expect(timers).not.toHaveBeenCalled();
});
