import type { Operand, SymbolicBoolean, SymbolicNumber } from '@heed/core';
import type { Round } from './arithmetic.js';

/** Derivatives in what a number was computed from, by name. */
type Partials = ReadonlyMap<string, number>;

const NONE: Partials = new Map();

/**
 * A number with its derivatives, carried forward through each operation: what a hook's formula is to the oracle, which so derives
 * nothing by the chain rule backward.
 */
export class Dual implements SymbolicNumber {
  readonly value: number;
  readonly partials: Partials;
  readonly #round: Round;

  constructor(value: number, round: Round, partials: Partials = NONE) {
    this.value = value;
    this.partials = partials;
    this.#round = round;
  }

  /** A number that derivatives are asked for. */
  static independent(value: number, name: string, round: Round): Dual {
    return new Dual(value, round, new Map([[name, 1]]));
  }

  add(other: Operand): Dual {
    return this.#of2(other, (a, b) => a + b, 1, 1);
  }

  sub(other: Operand): Dual {
    return this.#of2(other, (a, b) => a - b, 1, -1);
  }

  mul(other: Operand): Dual {
    return this.#of2(other, (a, b) => a * b, this.#of(other).value, this.value);
  }

  div(other: Operand): Dual {
    const inverse = this.#round(1 / this.#of(other).value);
    return this.#of2(other, (a, b) => a / b, inverse, this.#round(-this.#round(this.value * inverse) * inverse));
  }

  neg(): Dual {
    return this.#of1(-this.value, -1);
  }

  abs(): Dual {
    return this.#of1(Math.abs(this.value), Math.sign(this.value));
  }

  min(other: Operand): Dual {
    return this.#chosen(other, Math.min, -1);
  }

  max(other: Operand): Dual {
    return this.#chosen(other, Math.max, 1);
  }

  exp(): Dual {
    return this.#of1(Math.exp(this.value), Math.exp(this.value));
  }

  log(): Dual {
    return this.#of1(Math.log(this.value), 1 / this.value);
  }

  tanh(): Dual {
    const tanh = this.#round(Math.tanh(this.value));
    return this.#of1(tanh, 1 - this.#round(tanh * tanh));
  }

  sigmoid(): Dual {
    const s = this.#round(1 / this.#round(1 + this.#round(Math.exp(-this.value))));
    return this.#of1(s, s * this.#round(1 - s));
  }

  sqrt(): Dual {
    return this.#of1(Math.sqrt(this.value), 0.5 / this.#round(Math.sqrt(this.value)));
  }

  sin(): Dual {
    return this.#of1(Math.sin(this.value), Math.cos(this.value));
  }

  cos(): Dual {
    return this.#of1(Math.cos(this.value), -Math.sin(this.value));
  }

  pow(other: Operand): Dual {
    const [a, b] = [this.value, this.#of(other).value];
    const log = a > 0 ? this.#round(Math.log(a)) : 0;
    const slope = this.#round(b * this.#round(Math.pow(a, this.#round(b - 1))));
    return this.#of2(other, Math.pow, slope, this.#round(Math.pow(a, b)) * log);
  }

  floorDiv(other: Operand): Dual {
    return new Dual(this.#quotient(other), this.#round);
  }

  mod(other: Operand): Dual {
    const by = Math.floor(this.#of(other).value);
    return new Dual(Math.floor(this.value) - by * this.#quotient(other), this.#round);
  }

  lt(other: Operand): Truth {
    return new Truth(this.value < this.#of(other).value, this.#round);
  }

  le(other: Operand): Truth {
    return new Truth(this.value <= this.#of(other).value, this.#round);
  }

  gt(other: Operand): Truth {
    return new Truth(this.value > this.#of(other).value, this.#round);
  }

  ge(other: Operand): Truth {
    return new Truth(this.value >= this.#of(other).value, this.#round);
  }

  eq(other: Operand): Truth {
    return new Truth(this.value === this.#of(other).value, this.#round);
  }

  ne(other: Operand): Truth {
    return new Truth(this.value !== this.#of(other).value, this.#round);
  }

  #of(operand: Operand): Dual {
    return dualOf(operand, this.#round);
  }

  #quotient(other: Operand): number {
    return Math.floor(Math.floor(this.value) / Math.floor(this.#of(other).value));
  }

  #of1(value: number, slope: number): Dual {
    return new Dual(this.#round(value), this.#round, this.#scaled(this.partials, slope));
  }

  #of2(operand: Operand, f: (a: number, b: number) => number, inFirst: number, inSecond: number): Dual {
    const other = this.#of(operand);
    const value = this.#round(f(this.value, other.value));
    if (this.partials.size + other.partials.size === 0) return new Dual(value, this.#round);
    const partials = new Map(this.#scaled(this.partials, inFirst));
    for (const [name, partial] of this.#scaled(other.partials, inSecond)) {
      partials.set(name, this.#round((partials.get(name) ?? 0) + partial));
    }
    return new Dual(value, this.#round, partials);
  }

  /** The larger (sign 1) or smaller (−1) of two; of two equal ones each is it by half. */
  #chosen(operand: Operand, f: (a: number, b: number) => number, sign: 1 | -1): Dual {
    const ahead = sign * (this.value - this.#of(operand).value);
    const share = ahead > 0 ? 1 : ahead === 0 ? 0.5 : 0;
    return this.#of2(operand, f, share, 1 - share);
  }

  #scaled(partials: Partials, factor: number): Partials {
    if (partials.size === 0) return NONE;
    const slope = this.#round(factor);
    return new Map(Array.from(partials, ([name, partial]) => [name, this.#round(partial * slope)]));
  }
}

/** A truth value. */
export class Truth implements SymbolicBoolean {
  readonly value: boolean;
  readonly #round: Round;

  constructor(value: boolean, round: Round) {
    this.value = value;
    this.#round = round;
  }

  and(other: SymbolicBoolean): Truth {
    return new Truth(this.value && (other as Truth).value, this.#round);
  }

  or(other: SymbolicBoolean): Truth {
    return new Truth(this.value || (other as Truth).value, this.#round);
  }

  not(): Truth {
    return new Truth(!this.value, this.#round);
  }

  select(ifTrue: Operand, ifFalse: Operand): Dual {
    return dualOf(this.value ? ifTrue : ifFalse, this.#round);
  }
}

export const dualOf = (operand: Operand, round: Round): Dual =>
  typeof operand === 'number' ? new Dual(round(operand), round) : (operand as Dual);
