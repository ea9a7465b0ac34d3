import type { Round } from './arithmetic.js';
import { erf } from './erf.js';

/** A number on a tape. */
export type Node = number;

/** Place of a parent that a number hasn't. */
const NONE: Node = -1;

/**
 * Arithmetic that remembers how each number came about, so that gradients follow from the forward formula alone and share
 * nothing with anybody's backward pass. Every result is rounded, those of the backward pass too: in float64 it is the oracle,
 * in float32 the naive form.
 */
export class Tape {
  readonly #round: Round;
  readonly #values: number[] = [];
  /** Numbers that each was computed from, up to two, and its derivatives in them. Flat, since a case has a million of them. */
  readonly #first: Node[] = [];
  readonly #second: Node[] = [];
  readonly #inFirst: number[] = [];
  readonly #inSecond: number[] = [];

  constructor(round: Round) {
    this.#round = round;
  }

  value(x: Node): number {
    return this.#values[x];
  }

  constant(value: number): Node {
    return this.#add(value);
  }

  add(a: Node, b: Node): Node {
    return this.#add(this.value(a) + this.value(b), a, 1, b, 1);
  }

  sub(a: Node, b: Node): Node {
    return this.#add(this.value(a) - this.value(b), a, 1, b, -1);
  }

  mul(a: Node, b: Node): Node {
    return this.#add(this.value(a) * this.value(b), a, this.value(b), b, this.value(a));
  }

  div(a: Node, b: Node): Node {
    const inverse = this.#round(1 / this.value(b));
    const y = this.#round(this.value(a) / this.value(b));
    return this.#add(y, a, inverse, b, -this.#round(y * inverse));
  }

  /** aᵇ of a positive a. */
  pow(a: Node, b: Node): Node {
    const [x, n] = [this.value(a), this.value(b)];
    const y = this.#round(Math.pow(x, n));
    const slope = this.#round(n * this.#round(Math.pow(x, this.#round(n - 1))));
    return this.#add(y, a, slope, b, y * this.#round(Math.log(x)));
  }

  /** k·a for a number that isn't on the tape. */
  scaled(a: Node, k: number): Node {
    return this.#add(this.value(a) * k, a, k);
  }

  sum(terms: readonly Node[]): Node {
    const [first = this.constant(0), ...rest] = terms;
    return rest.reduce((sum, term) => this.add(sum, term), first);
  }

  exp(a: Node): Node {
    const y = this.#round(Math.exp(this.value(a)));
    return this.#add(y, a, y);
  }

  log(a: Node): Node {
    return this.#add(Math.log(this.value(a)), a, 1 / this.value(a));
  }

  /** 1/√a */
  inverseRoot(a: Node): Node {
    const y = this.#round(1 / this.#round(Math.sqrt(this.value(a))));
    return this.#add(y, a, -0.5 * this.#round(this.#round(y * y) * y));
  }

  tanh(a: Node): Node {
    const y = this.#round(Math.tanh(this.value(a)));
    return this.#add(y, a, 1 - this.#round(y * y));
  }

  erf(a: Node): Node {
    const x = this.value(a);
    const density = this.#round(Math.exp(-this.#round(x * x)));
    return this.#add(erf(x), a, (2 / Math.sqrt(Math.PI)) * density);
  }

  sigmoid(a: Node): Node {
    const y = this.#round(1 / this.#round(1 + this.#round(Math.exp(-this.value(a)))));
    return this.#add(y, a, y * this.#round(1 - y));
  }

  /** log σ(a), also where σ(a) is 0 to a float. */
  logSigmoid(a: Node): Node {
    const x = this.value(a);
    const y = this.#round(Math.log1p(this.#round(Math.exp(-Math.abs(x)))));
    return this.#add(Math.min(x, 0) - y, a, 1 / this.#round(1 + this.#round(Math.exp(x))));
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
    return this.#add(x > 0 ? x : 0, a, x > 0 ? 1 : 0);
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
      this.#addTo(gradients, this.#first[node], gradients[node], this.#inFirst[node]);
      this.#addTo(gradients, this.#second[node], gradients[node], this.#inSecond[node]);
    }
    return gradients;
  }

  #addTo(gradients: Float64Array, parent: Node, gradient: number, slope: number): void {
    if (parent !== NONE) gradients[parent] = this.#round(gradients[parent] + this.#round(gradient * slope));
  }

  #add(value: number, first = NONE, inFirst = 0, second = NONE, inSecond = 0): Node {
    this.#first.push(first);
    this.#second.push(second);
    this.#inFirst.push(this.#round(inFirst));
    this.#inSecond.push(this.#round(inSecond));
    return this.#values.push(this.#round(value)) - 1;
  }
}
