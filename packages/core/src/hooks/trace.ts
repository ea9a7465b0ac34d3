import { HeedError, show } from '@heed/base';
import { Builder } from './builder.js';
import type { Program, Variable } from './program.js';
import type { Operand, SymbolicBoolean, SymbolicNumber, SymbolicTensor } from './symbolic.js';
import { cosine, sine } from './waves.js';

/** What one call of a hook's function writes. */
export class Trace {
  readonly builder = new Builder();
  readonly what: string;

  constructor(what: string) {
    this.what = what;
  }

  variable(name: Variable): SymbolicNumber {
    return new TracedNumber(this, this.builder.add({ kind: 'variable', name }));
  }

  input(): SymbolicNumber {
    return new TracedNumber(this, this.builder.add({ kind: 'input' }));
  }

  /** The captured tensor of a number, which has as many axes. */
  tensor(capture: number, name: string, rank: number): SymbolicTensor {
    return {
      at: (...indices) => {
        if (indices.length !== rank) {
          throw new HeedError('INVALID_ARGUMENT', {
            message: `${this.what}: ${name}.at got ${indices.length} indices`,
            hint: `${name} has ${rank} axes: one index for each`,
          });
        }
        const at = indices.map((index) => this.numberOf(`${name}.at`, index));
        return new TracedNumber(this, this.builder.add({ kind: 'read', capture, indices: at }));
      },
    };
  }

  numberOf(method: string, operand: Operand): number {
    if (typeof operand === 'number') return this.builder.number(operand);
    return this.#own(method, operand, TracedNumber, 'a number: a symbolic one of this hook, or a plain one');
  }

  booleanOf(method: string, operand: SymbolicBoolean): number {
    return this.#own(method, operand, TracedBoolean, 'a symbolic truth value of this hook, such as query.ge(key)');
  }

  /** The program of which a function's return value is the result. */
  program(returned: unknown, kind: 'number' | 'boolean'): Program {
    const result =
      kind === 'number'
        ? this.numberOf('the result', returned as Operand)
        : this.booleanOf('the result', returned as never);
    return { steps: this.builder.steps, result };
  }

  #own(method: string, operand: unknown, type: typeof TracedNumber | typeof TracedBoolean, hint: string): number {
    if (operand instanceof type && operand.trace === this) return operand.step;
    const got = operand instanceof Traced ? operand.describe(this) : show(operand);
    throw new HeedError('INVALID_ARGUMENT', { message: `${this.what}: ${method} got ${got}`, hint });
  }
}

class Traced {
  readonly trace: Trace;
  readonly step: number;

  constructor(trace: Trace, step: number) {
    this.trace = trace;
    this.step = step;
  }

  describe(trace: Trace): string {
    const kind = this instanceof TracedNumber ? 'a symbolic number' : 'a symbolic truth value';
    return this.trace === trace ? kind : `${kind} of another hook`;
  }

  /** What JavaScript's operators ask for. */
  [Symbol.toPrimitive](): never {
    throw new HeedError('INVALID_ARGUMENT', {
      message: `${this.trace.what}: ${this.describe(this.trace)} in an operation of JavaScript`,
      hint: 'call its methods: a.sub(b) for a - b, a.lt(b).select(x, y) for a < b ? x : y',
    });
  }

  protected number(name: string, ...args: readonly number[]): SymbolicNumber {
    return new TracedNumber(this.trace, this.trace.builder.apply(name, ...args));
  }

  protected boolean(name: string, ...args: readonly number[]): SymbolicBoolean {
    return new TracedBoolean(this.trace, this.trace.builder.apply(name, ...args));
  }
}

class TracedNumber extends Traced implements SymbolicNumber {
  add = (other: Operand) => this.number('add', this.step, this.#of('add', other));
  sub = (other: Operand) => this.number('sub', this.step, this.#of('sub', other));
  mul = (other: Operand) => this.number('mul', this.step, this.#of('mul', other));
  div = (other: Operand) => this.number('div', this.step, this.#of('div', other));
  neg = () => this.number('neg', this.step);
  abs = () => this.number('abs', this.step);
  min = (other: Operand) => this.number('min', this.step, this.#of('min', other));
  max = (other: Operand) => this.number('max', this.step, this.#of('max', other));
  exp = () => this.number('exp', this.step);
  log = () => this.number('log', this.step);
  tanh = () => this.number('tanh', this.step);
  sigmoid = () => this.number('sigmoid', this.step);
  sqrt = () => this.number('sqrt', this.step);
  sin = () => sine(this);
  cos = () => cosine(this);
  pow = (exponent: Operand) => this.number('pow', this.step, this.#of('pow', exponent));
  floorDiv = (divisor: Operand) => this.number('floorDiv', this.step, this.#of('floorDiv', divisor));
  mod = (divisor: Operand) => this.number('mod', this.step, this.#of('mod', divisor));
  lt = (other: Operand) => this.boolean('lt', this.step, this.#of('lt', other));
  le = (other: Operand) => this.boolean('le', this.step, this.#of('le', other));
  gt = (other: Operand) => this.boolean('lt', this.#of('gt', other), this.step);
  ge = (other: Operand) => this.boolean('le', this.#of('ge', other), this.step);
  eq = (other: Operand) => this.boolean('eq', this.step, this.#of('eq', other));
  ne = (other: Operand) => this.eq(other).not();

  #of(method: string, operand: Operand): number {
    return this.trace.numberOf(method, operand);
  }
}

class TracedBoolean extends Traced implements SymbolicBoolean {
  and = (other: SymbolicBoolean) => this.boolean('and', this.step, this.trace.booleanOf('and', other));
  or = (other: SymbolicBoolean) => this.boolean('or', this.step, this.trace.booleanOf('or', other));
  not = () => this.boolean('not', this.step);
  select = (ifTrue: Operand, ifFalse: Operand) =>
    this.number('select', this.step, this.trace.numberOf('select', ifTrue), this.trace.numberOf('select', ifFalse));
}
