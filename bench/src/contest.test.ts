import { expect, test } from 'vitest';
import { Disagreement } from './timing.js';
import { contest, type Contender } from './contest.js';

const spin = (ms: number, value = 1): Contender['run'] => {
  return () => {
    const end = performance.now() + ms;
    while (performance.now() < end);
    return Promise.resolve([Float32Array.of(value, 2)]);
  };
};

test('times by the first system’s', async () => {
  const standings = await contest(
    [
      { name: 'a', run: spin(2) },
      { name: 'b', run: spin(8) },
    ],
    3,
  );
  expect(standings.map(({ system }) => system)).toEqual(['a', 'b']);
  expect(standings[0].ratio).toBe(1);
  expect(standings[1].ratio).toBeGreaterThan(2.5);
  expect(standings[1].ratio).toBeLessThan(6);
});

test('systems that disagree aren’t timed', async () => {
  const contenders = [
    { name: 'a', run: spin(0) },
    { name: 'b', run: spin(0, 1.01) },
  ];
  await expect(contest(contenders, 1)).rejects.toThrow(Disagreement);
  await expect(contest([contenders[0], { name: 'c', run: spin(0, Number.NaN) }], 1)).rejects.toThrow('c: result 0');
});
