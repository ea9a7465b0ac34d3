import type { AttentionSetup, MechanismKind, Numbers } from '../../engine/jobs.js';

/** What a mechanism compares: two vectors, whose product is the score, and what it is divided by. */
export interface Factors {
  /** As formulas write them. */
  readonly names: readonly [left: string, right: string];
  readonly left: ArrayLike<number>;
  readonly right: ArrayLike<number>;
  readonly divisor?: { readonly name: string; readonly value: number };
}

/** A query s and a position of the memory h, for a head of a mechanism with such parameters. */
export interface Compared {
  readonly s: ArrayLike<number>;
  readonly h: ArrayLike<number>;
  readonly head: number;
  readonly heads: AttentionSetup['heads'];
  readonly parameter: (key: string) => Numbers;
}

/** Mechanisms whose score is made of the two vectors alone. */
export const FACTORS: Partial<Readonly<Record<MechanismKind, (compared: Compared) => Factors>>> = {
  dot: ({ s, h }) => ({ names: ['s', 'h'], left: s, right: h }),
  scaledDotProduct: ({ s, h }) => ({
    names: ['s', 'h'],
    left: s,
    right: h,
    divisor: { name: '√D', value: Math.sqrt(s.length) },
  }),
  cosine: ({ s, h }) => ({
    names: ['s', 'h'],
    left: s,
    right: h,
    divisor: { name: '‖s‖ ‖h‖', value: Math.hypot(...Array.from(s)) * Math.hypot(...Array.from(h)) },
  }),
  general: ({ s, h, parameter }) => ({ names: ['s', 'W h'], left: s, right: times(h, parameter('memory_kernel')) }),
  additive: ({ s, h, parameter }) => ({
    names: ['v', 'tanh(W₂ s + W₁ h + b)'],
    left: parameter('vector').data,
    right: sum(
      times(s, parameter('query_kernel')),
      times(h, parameter('memory_kernel')),
      Array.from(parameter('bias').data),
    ).map(Math.tanh),
  }),
  concat: ({ s, h, parameter }) => ({
    names: ['v', 'tanh(W [s; h])'],
    left: parameter('vector').data,
    right: times([...Array.from(s), ...Array.from(h)], parameter('kernel')).map(Math.tanh),
  }),
  multiHead({ s, h, head, heads, parameter }) {
    const projected = (x: ArrayLike<number>, name: string): number[] => {
      const all = sum(times(x, parameter(`${name}_kernel`)), Array.from(parameter(`${name}_bias`).data));
      const width = all.length / heads;
      return all.slice(head * width, (head + 1) * width);
    };
    const [left, right] = [projected(s, 'query'), projected(h, 'key')];
    const divisor = { name: '√D', value: Math.sqrt(left.length) };
    return { names: ['W_q s + b_q', 'W_k h + b_k'], left, right, divisor };
  },
};

/** A row vector times a kernel [inputs, outputs]. */
function times(x: ArrayLike<number>, { shape, data }: Numbers): number[] {
  const outputs = shape[1]!;
  return Array.from({ length: outputs }, (_, to) =>
    Array.from(x).reduce((total, one, from) => total + one * data[from * outputs + to]!, 0),
  );
}

const sum = (first: number[], ...rest: number[][]): number[] =>
  first.map((one, d) => rest.reduce((total, x) => total + x[d]!, one));
