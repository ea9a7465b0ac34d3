import type { Round } from './arithmetic.js';
import { erf } from './erf.js';

/** A number on a tape. */
export type Node = number;

/**
 * Arithmetic that remembers how each number came about, so that gradients follow from the forward formula alone and share
 * nothing with anybody's backward pass. Every result is rounded, those of the backward pass too: in float64 it is the oracle,
 * in float32 the naive form.
 */
export class Tape {
  readonly #round: Round;
  readonly #values: number[] = [];
  readonly #parents: (readonly Node[])[] = [];
  /** The derivative of a number in each of its parents. */
  readonly #slopes: (readonly number[])[] = [];

  constructor(round: Round) {
    this.#round = round;
  }

  value(x: Node): number {
    return this.#values[x];
  }

  constant(value: number): Node {
    return this.#add(value, [], []);
  }

  add(a: Node, b: Node): Node {
    return this.#add(this.value(a) + this.value(b), [a, b], [1, 1]);
  }

  sub(a: Node, b: Node): Node {
    return this.#add(this.value(a) - this.value(b), [a, b], [1, -1]);
  }

  mul(a: Node, b: Node): Node {
    return this.#add(this.value(a) * this.value(b), [a, b], [this.value(b), this.value(a)]);
  }

  div(a: Node, b: Node): Node {
    const inverse = this.#round(1 / this.value(b));
    const y = this.#round(this.value(a) / this.value(b));
    return this.#add(y, [a, b], [inverse, -this.#round(y * inverse)]);
  }

  /** aᵇ of a positive a. */
  pow(a: Node, b: Node): Node {
    const [x, n] = [this.value(a), this.value(b)];
    const y = this.#round(Math.pow(x, n));
    const slope = this.#round(n * this.#round(Math.pow(x, this.#round(n - 1))));
    return this.#add(y, [a, b], [slope, y * this.#round(Math.log(x))]);
  }

  /** k·a for a number that isn't on the tape. */
  scaled(a: Node, k: number): Node {
    return this.#add(this.value(a) * k, [a], [k]);
  }

  sum(terms: readonly Node[]): Node {
    const [first = this.constant(0), ...rest] = terms;
    return rest.reduce((sum, term) => this.add(sum, term), first);
  }

  exp(a: Node): Node {
    const y = this.#round(Math.exp(this.value(a)));
    return this.#add(y, [a], [y]);
  }

  log(a: Node): Node {
    return this.#add(Math.log(this.value(a)), [a], [1 / this.value(a)]);
  }

  /** 1/√a */
  inverseRoot(a: Node): Node {
    const y = this.#round(1 / this.#round(Math.sqrt(this.value(a))));
    return this.#add(y, [a], [-0.5 * this.#round(this.#round(y * y) * y)]);
  }

  tanh(a: Node): Node {
    const y = this.#round(Math.tanh(this.value(a)));
    return this.#add(y, [a], [1 - this.#round(y * y)]);
  }

  erf(a: Node): Node {
    const x = this.value(a);
    const density = this.#round(Math.exp(-this.#round(x * x)));
    return this.#add(erf(x), [a], [(2 / Math.sqrt(Math.PI)) * density]);
  }

  sigmoid(a: Node): Node {
    const y = this.#round(1 / this.#round(1 + this.#round(Math.exp(-this.value(a)))));
    return this.#add(y, [a], [y * this.#round(1 - y)]);
  }

  /** log σ(a), also where σ(a) is 0 to a float. */
  logSigmoid(a: Node): Node {
    const x = this.value(a);
    const y = this.#round(Math.log1p(this.#round(Math.exp(-Math.abs(x)))));
    return this.#add(Math.min(x, 0) - y, [a], [1 / this.#round(1 + this.#round(Math.exp(x)))]);
  }

  /** The greater; the first where they are equal. */
  max(a: Node, b: Node): Node {
    return this.value(a) >= this.value(b) ? a : b;
  }

  /** The smaller; the first where they are equal. */
  min(a: Node, b: Node): Node {
    return this.value(a) <= this.value(b) ? a : b;
  }

  /** max(0, a), whose derivative at 0 is 0. */
  relu(a: Node): Node {
    const x = this.value(a);
    return this.#add(x > 0 ? x : 0, [a], [x > 0 ? 1 : 0]);
  }

  /** log(eᵃ + eᵇ + …), relative to the greatest. */
  logSumExp(terms: readonly Node[]): Node {
    const greatest = this.constant(Math.max(...terms.map((term) => this.value(term))));
    return this.add(greatest, this.log(this.sum(terms.map((term) => this.exp(this.sub(term, greatest))))));
  }

  /** The derivative of Σ result∘cotangent in each number of the tape. */
  gradients(results: readonly Node[], cotangents: ArrayLike<number>): Float64Array {
    const gradients = new Float64Array(this.#values.length);
    results.forEach((node, n) => (gradients[node] = this.#round(gradients[node] + cotangents[n])));
    for (let node = gradients.length - 1; node >= 0; node--) {
      if (gradients[node] === 0) continue;
      this.#parents[node].forEach((parent, n) => {
        gradients[parent] = this.#round(gradients[parent] + this.#round(gradients[node] * this.#slopes[node][n]));
      });
    }
    return gradients;
  }

  #add(value: number, parents: readonly Node[], slopes: readonly number[]): Node {
    this.#parents.push(parents);
    this.#slopes.push(slopes.map((slope) => this.#round(slope)));
    return this.#values.push(this.#round(value)) - 1;
  }
}
