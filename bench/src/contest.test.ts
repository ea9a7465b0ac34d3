import { expect, test, vi } from 'vitest';
import { Disagreement } from './timing.js';
import { contest, type Contender } from './contest.js';

/** Time that passes only in `spin`, so that what else the machine does changes nothing. */
let now = 0;
vi.spyOn(performance, 'now').mockImplementation(() => now);

const spin = (ms: number, value = 1): Contender['run'] => {
  return () => {
    now += ms;
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
  expect(standings).toMatchObject([
    { system: 'a', ms: 2, range: [2, 2], ratio: 1, interval: [1, 1] },
    { system: 'b', ms: 8, range: [8, 8], ratio: 4, interval: [4, 4] },
  ]);
});

test('systems that disagree aren’t timed', async () => {
  const contenders = [
    { name: 'a', run: spin(100) },
    { name: 'b', run: spin(100, 1.01) },
  ];
  await expect(contest(contenders, 1)).rejects.toThrow(Disagreement);
  await expect(contest([contenders[0], { name: 'c', run: spin(100, Number.NaN) }], 1)).rejects.toThrow('c: result 0');
});
