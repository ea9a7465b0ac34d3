import type { Node } from '../tape.js';
import type { Parameters, Row } from './formula.js';
import type { Vector } from './maths.js';

/** What is added to the sum in tanh, for position j and unit u. */
type Told = (j: number, u: number) => Node;

/**
 * Energies of a query with all positions: e_j = g·vᵀ/‖v‖ tanh(W₂ s + W₁ h_j + b + told), without g as vᵀ tanh(…).
 *
 * @param prefix begins the names of the parameters
 */
export function additiveEnergies(
  { maths, parameters, memory }: Pick<Row<unknown>, 'maths' | 'parameters' | 'memory'>,
  prefix = '',
): (s: Vector, told?: Told) => Vector {
  const v = parameters.vector(`${prefix}vector`);
  const factor = sizeOf(parameters, prefix);
  const keys = memory.map((h) => maths.affine(h, parameters.matrix(`${prefix}memory_kernel`)));
  const bias = parameters.has(`${prefix}bias`) ? parameters.vector(`${prefix}bias`) : undefined;
  const vector = factor === undefined ? v : scaledTo(factor);
  return (s, told) => {
    const q = maths.affine(s, parameters.matrix(`${prefix}query_kernel`), bias);
    return keys.map((k, j) =>
      maths.dot(
        vector,
        k.map((key, u) => {
          const sum = maths.add(q[u], key);
          return maths.tanh(told === undefined ? sum : maths.add(sum, told(j, u)));
        }),
      ),
    );
  };

  function scaledTo(gain: Node): Vector {
    const size = maths.mul(gain, maths.inverseRoot(maths.dot(v, v)));
    return v.map((x) => maths.mul(x, size));
  }
}

const sizeOf = (parameters: Parameters, prefix: string): Node | undefined =>
  parameters.has(`${prefix}gain`) ? parameters.number(`${prefix}gain`) : undefined;
