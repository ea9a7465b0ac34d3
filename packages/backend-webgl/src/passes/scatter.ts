import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { ScatterAttributes } from '@heed/core/model-ops';
import type { Scope } from '../scope.js';
import { numbersOf } from './texels.js';

interface ScatterTensors {
  readonly cache: TensorInfo;
  readonly update: TensorInfo;
}

/**
 * Writes an update into the texture of a cache [B, …, C, D], drawing nothing but the texels that it fills. A texel has two slots of the cache: those
 * that are first in theirs are drawn apart from the others, and each leaves the other's numbers.
 *
 * @returns undefined where the texture can't be written to: the cache is shared, or doesn't lie in slots
 */
export function scatter(
  scope: Scope,
  { cache, update }: ScatterTensors,
  { axis, steps, starts }: ScatterAttributes,
): TensorInfo | undefined {
  const { shape } = cache;
  if (axis !== shape.length - 2) return undefined;
  const [slots, width] = shape.slice(-2) as [number, number];
  const batch = shape[0]!;
  const n = shape.slice(0, -2).reduce((product, length) => product * length, 1);
  const output = scope.overwritable(cache, [n, slots, width]);
  if (output === undefined) return undefined;
  const source = scope.tensor(update, [n, steps, width]);
  // A texture of starts is made for rows of their own alone.
  const isOne = starts.every((start) => start === starts[0]);
  const from = isOne ? undefined : scope.numbers([...starts]);
  const startOf = `int startOf(int n) { ${
    isOne ? 'return start;' : 'int b = n / outer; return int(texelFetch(S0, spotS(b >> 2), 0)[b & 3]);'
  } }`;
  for (const [parity, lanes] of LANES.entries()) {
    if (steps === 1 && starts.every((start) => start % 2 !== parity)) continue;
    scope.draw({
      inputs: { U: source, ...(from && { S: from }) },
      integers: { rowsU: steps, columnsU: width, slots, parity, outer: n / batch, start: starts[0] },
      output,
      places: {
        count: n * steps * output.columns,
        code: `${startOf}
int place(int k) {
  int row = k / sizeOut.y;
  int n = row / rowsU;
  int slot = (startOf(n) + row - n * rowsU) % slots;
  return (slot & 1) == parity ? (n * sizeOut.x + (slot >> 1)) * sizeOut.y + k - row * sizeOut.y : -1;
}`,
      },
      lanes,
      code: `${numbersOf('U', source)}
${startOf}
void compute(int n, int r, int c) {
  int t = (2 * r + parity - startOf(n) + slots) % slots;
  vec2 x = vec2(numberU(n, t, 2 * c), 2 * c + 1 < columnsU ? numberU(n, t, 2 * c + 1) : 0.0);
  out0 = vec4(x, x);
}`,
    });
  }
  return scope.again(cache);
}

const LANES = ['first', 'second'] as const;
