import { HOOK_FUNCTIONS, type Derive, type HookFunction } from './functions.js';
import type { Step } from './program.js';

const LARGEST_PRODUCT = 8;

/** Writes a program: a step that stands already isn't written again, and what only numbers go into is a number. */
export class Builder implements Derive {
  readonly steps: Step[] = [];
  readonly #numbers = new Map<string, number>();

  add(step: Step): number {
    // −0 and 0 differ, as do NaN and null, which JSON takes for the same.
    const key =
      step.kind === 'number' ? `number ${Object.is(step.value, -0) ? '-0' : step.value}` : JSON.stringify(step);
    let n = this.#numbers.get(key);
    if (n === undefined) {
      n = this.steps.push(step) - 1;
      this.#numbers.set(key, n);
    }
    return n;
  }

  number(value: number): number {
    return this.add({ kind: 'number', value });
  }

  apply(name: string, ...args: readonly number[]): number {
    const values = args.map((arg) => this.#valueOf(arg));
    const fn = name as HookFunction;
    if (values.every((value) => value !== undefined)) return this.number(HOOK_FUNCTIONS[fn].value(...values));
    return this.#simpler(fn, args, values) ?? this.add({ kind: 'apply', name: fn, args });
  }

  chain(gradient: number, slope: number): number {
    const value = this.#valueOf(slope);
    if (value === 0) return slope;
    const product = this.apply('mul', gradient, slope);
    // What wasn't selected may have any slope, of which 0 times is NaN.
    const isSure = value !== undefined || !this.steps.some((step) => step.kind === 'apply' && step.name === 'select');
    return isSure ? product : this.apply('select', this.apply('eq', gradient, this.number(0)), this.number(0), product);
  }

  /** The sum of steps; undefined for none. */
  sum(terms: readonly number[]): number | undefined {
    return terms.length === 0 ? undefined : terms.reduce((a, b) => this.apply('add', a, b));
  }

  /** The step that stands for the same, where there is one without the function. */
  #simpler(name: HookFunction, args: readonly number[], [a, b]: readonly (number | undefined)[]): number | undefined {
    switch (name) {
      case 'add':
        return a === 0 ? args[1] : b === 0 ? args[0] : undefined;
      case 'sub':
        return b === 0 ? args[0] : undefined;
      case 'mul':
        return a === 1 ? args[1] : b === 1 ? args[0] : undefined;
      case 'div':
        return b === 1 ? args[0] : undefined;
      case 'pow':
        return b === undefined ? undefined : this.#power(args[0], b);
      case 'select':
        if (a !== undefined) return a === 0 ? args[2] : args[1];
        return args[1] === args[2] ? args[1] : undefined;
      default:
        return undefined;
    }
  }

  /** A power that products give, which are exact to the last bits on every backend; undefined for another. */
  #power(base: number, exponent: number): number | undefined {
    if (exponent === 0.5) return this.apply('sqrt', base);
    if (!Number.isInteger(exponent) || Math.abs(exponent) > LARGEST_PRODUCT) return undefined;
    if (exponent < 0) return this.apply('div', this.number(1), this.apply('pow', base, this.number(-exponent)));
    let product = this.number(1);
    for (let n = 0; n < exponent; n++) product = this.apply('mul', product, base);
    return product;
  }

  #valueOf(step: number): number | undefined {
    const { [step]: found } = this.steps;
    return found.kind === 'number' ? found.value : undefined;
  }
}
