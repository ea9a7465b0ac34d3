import type { Maths, Vector } from './maths.js';

interface Turning {
  readonly layout?: 'interleaved' | 'half' | undefined;
  /** How many of the numbers are turned, the first ones. */
  readonly width?: number | undefined;
  readonly base?: number | undefined;
}

const BASE = 10_000;

/** Su et al. 2021, eq. 34: pairs of numbers turned by angles that grow with the position. */
export function turned(
  maths: Maths,
  x: Vector,
  position: number,
  { layout = 'interleaved', width = x.length, base = BASE }: Turning = {},
): Vector {
  const result = [...x];
  for (let i = 0; i < width / 2; i++) {
    const [first, second] = layout === 'half' ? [i, i + width / 2] : [2 * i, 2 * i + 1];
    const angle = position / base ** ((2 * i) / width);
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
    result[first] = maths.sub(maths.scaled(x[first], cos), maths.scaled(x[second], sin));
    result[second] = maths.add(maths.scaled(x[first], sin), maths.scaled(x[second], cos));
  }
  return result;
}
