import { Tape, type Node } from '../tape.js';

export type Vector = readonly Node[];
export type Matrix = readonly Vector[];
export type Cube = readonly Matrix[];

/** Whether position j may be attended to. */
export type Open = (j: number) => boolean;

/** A tape with what formulas of mechanisms are made of. */
export class Maths extends Tape {
  dot(a: Vector, b: Vector): Node {
    return this.sum(a.map((x, n) => this.mul(x, b[n])));
  }

  /** xᵀW + b */
  affine(x: Vector, w: Matrix, b?: Vector): Vector {
    return w[0].map((_, to) => {
      const sum = this.sum(x.map((value, from) => this.mul(value, w[from][to])));
      return b === undefined ? sum : this.add(sum, b[to]);
    });
  }

  /** Weights of the scores that are open and above −∞; zeros when there are none. */
  softmax(scores: Vector, open: Open): Vector {
    const takes = (j: number): boolean => open(j) && this.value(scores[j]) > -Infinity;
    const taking = scores.filter((_, j) => takes(j));
    if (taking.length === 0) return this.zeros(scores.length);
    const greatest = this.constant(Math.max(...taking.map((score) => this.value(score))));
    const exps = taking.map((score) => this.exp(this.sub(score, greatest)));
    const total = this.sum(exps);
    const shares = exps.map((exp) => this.div(exp, total)).values();
    return scores.map((_, j) => (takes(j) ? shares.next().value! : this.constant(0)));
  }

  /** Σ_j α_j v_j */
  weighted(weights: Vector, values: Matrix): Vector {
    return values[0].map((_, n) => this.sum(weights.map((weight, j) => this.mul(weight, values[j][n]))));
  }

  /** The numbers divided by their sum; zeros when they are all zero. */
  overSum(x: Vector): Vector {
    const total = this.sum(x);
    return this.value(total) === 0 ? x : x.map((value) => this.div(value, total));
  }

  /** 1 − a */
  rest(a: Node): Node {
    return this.sub(this.constant(1), a);
  }

  square(a: Node): Node {
    return this.mul(a, a);
  }

  /** log(1 + eᵃ) */
  softplus(a: Node): Node {
    return this.scaled(this.logSigmoid(this.scaled(a, -1)), -1);
  }

  /** x over its root mean square, times a gain. */
  rms(x: Vector, epsilon: number, gain?: Vector): Vector {
    const inverse = this.inverseRoot(this.add(this.scaled(this.dot(x, x), 1 / x.length), this.constant(epsilon)));
    return x.map((value, n) => {
      const normed = this.mul(value, inverse);
      return gain === undefined ? normed : this.mul(normed, gain[n]);
    });
  }

  zeros(count: number): Vector {
    return Array.from({ length: count }, () => this.constant(0));
  }
}
