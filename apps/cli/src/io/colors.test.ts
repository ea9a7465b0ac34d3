import { expect, test } from 'vitest';
import { colorLevel } from './colors.js';

const stream = (isTTY: boolean, depth = 24): NodeJS.WriteStream =>
  ({ isTTY, getColorDepth: () => depth }) as unknown as NodeJS.WriteStream;

test.each([
  ['a terminal', stream(true), {}, 3],
  ['a terminal of 256 colours', stream(true, 8), {}, 2],
  ['a terminal of 16 colours', stream(true, 4), {}, 1],
  ['a terminal without', stream(true, 1), {}, 0],
  ['a pipe', stream(false), {}, 0],
  ['NO_COLOR', stream(true), { NO_COLOR: '1' }, 0],
  ['an empty NO_COLOR', stream(true), { NO_COLOR: '' }, 3],
  ['FORCE_COLOR on a pipe', stream(false), { FORCE_COLOR: '3' }, 3],
  ['FORCE_COLOR of 256', stream(false), { FORCE_COLOR: '2' }, 2],
  ['FORCE_COLOR against NO_COLOR', stream(false), { FORCE_COLOR: '1', NO_COLOR: '1' }, 1],
  ['FORCE_COLOR=0', stream(true), { FORCE_COLOR: '0' }, 0],
])('%s', (_, output, env, level) => {
  expect(colorLevel(output, env)).toBe(level);
});
