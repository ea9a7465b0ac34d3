import type { ConfigOf, Formula, Row } from './formula.js';
import type { Vector } from './maths.js';

type Config = ConfigOf<'visualSentinel'>;

/** Lu, Xiong, Parikh & Socher 2017, eq. 6–13: one softmax over the positions of the memory and a sentinel. */
export const visualSentinel: Formula<Config> = (row) => {
  const { maths, config, parameters, query, memory, open } = row;
  const vector = parameters.vector('vector');
  const keys = memory.map((h) => maths.affine(h, parameters.matrix('memory_kernel')));
  const all = query.map((s, i) => {
    const hidden = config.fromCell ? s.slice(0, config.memoryWidth) : s;
    const asked = maths.affine(hidden, parameters.matrix('query_kernel'));
    const sentinel = sentinelOf(row, s);
    const told = maths.affine(sentinel, parameters.matrix('sentinel_kernel'));
    const scores = [...keys, told].map((key) =>
      maths.dot(
        vector,
        key.map((k, u) => maths.tanh(maths.add(k, asked[u]))),
      ),
    );
    const weights = maths.softmax(scores, (j) => j === memory.length || open(i, j));
    return { weights: weights.slice(0, -1), context: maths.weighted(weights, [...memory, sentinel]) };
  });
  return { weights: all.map(({ weights }) => weights), context: all.map(({ context }) => context) };
};

/** σ(W_x x + W_h h₋₁) ⊙ tanh(m) of the query [h | m | h₋₁ | x]; or of projections of any query. */
function sentinelOf({ maths, config, parameters }: Row<Config>, query: Vector): Vector {
  const width = config.memoryWidth;
  const product = (x: Vector, key: string): Vector => maths.affine(x, parameters.matrix(key));
  const part = (n: number, end?: number): Vector => query.slice(n * width, end);
  const input = config.fromCell ? product(part(3), 'input_kernel') : product(query, 'gate_kernel');
  const cell = config.fromCell ? part(1, 2 * width) : product(query, 'cell_kernel');
  const gates = config.fromCell
    ? product(part(2, 3 * width), 'hidden_kernel').map((x, n) => maths.add(x, input[n]))
    : input;
  return cell.map((m, n) => maths.mul(maths.sigmoid(gates[n]), maths.tanh(m)));
}
