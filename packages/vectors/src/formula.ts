import { HeedError, type SymbolicBoolean, type SymbolicNumber, type SymbolicTensor } from '@heed/core';

/** A value of a formula: a plain number, or one of a hook. */
export type Value = number | SymbolicNumber | SymbolicBoolean;

/** What the names in a formula are. */
export interface Names {
  readonly values: Readonly<Record<string, Value>>;
  readonly tensors: Readonly<Record<string, SymbolicTensor>>;
}

/**
 * A formula as those who wrote the cases put it, in Python's notation, |x| and mod: `s * exp(-rate[h] * |q_idx - kv_idx|)`.
 *
 * @throws HeedError INVALID_ARGUMENT with what can't be read
 */
export function evaluateFormula(text: string, names: Names): Value {
  return new Reader(text, names).read();
}

/** The clauses of a case's formula by their names: 'score_mod: …; mask_mod: …; slopes captured [H]'. */
export function clausesOf(formula: string): Readonly<Record<string, string>> {
  const clauses = formula.split(';').flatMap((clause) => {
    const found = /^\s*(\w+_mod):(.*)$/s.exec(clause);
    return found === null ? [] : [[found[1]!, found[2]!.trim()] as const];
  });
  return Object.fromEntries(clauses);
}

const TOKEN = /\s*(?:(\d+(?:\.\d*)?(?:e[+-]?\d+)?)|([A-Za-z_]\w*)|(\*\*|\/\/|[<>=!]=|[-+*/%<>()[\],|]))/y;

/** Levels of infix operators, from the one that binds least. */
const LEVELS: readonly (readonly string[])[] = [
  ['or'],
  ['and'],
  ['<', '<=', '>', '>=', '==', '!='],
  ['+', '-'],
  ['*', '/', '//', '%', 'mod'],
];

class Reader {
  readonly #text: string;
  readonly #names: Names;
  readonly #tokens: string[] = [];
  #at = 0;

  constructor(text: string, names: Names) {
    this.#text = text;
    this.#names = names;
    TOKEN.lastIndex = 0;
    while (TOKEN.lastIndex < text.trimEnd().length) {
      const found = TOKEN.exec(text);
      if (found === null) this.#fail(`'${text}' has something that is no part of a formula`);
      this.#tokens.push(found![1] ?? found![2] ?? found![3]!);
    }
  }

  read(): Value {
    const value = this.#infix(0);
    if (this.#at < this.#tokens.length) this.#fail(`'${this.#tokens[this.#at]}' isn't expected there`);
    return value;
  }

  #infix(level: number): Value {
    if (level === LEVELS.length) return this.#unary();
    let left = this.#infix(level + 1);
    while (LEVELS[level].includes(this.#peek())) {
      const operator = this.#next();
      left = this.#apply(operator, left, this.#infix(level + 1));
    }
    return left;
  }

  #unary(): Value {
    if (this.#accept('-')) return multiply(this.#number(this.#unary()), -1);
    if (this.#accept('not')) return this.#boolean(this.#unary()).not();
    const base = this.#primary();
    return this.#accept('**') ? power(this.#number(base), this.#number(this.#unary())) : base;
  }

  #primary(): Value {
    const token = this.#next();
    if (/^\d/.test(token)) return Number(token);
    if (token === '(') return this.#closed(')');
    if (token === '|') return absolute(this.#number(this.#closed('|')));
    if (!/^[A-Za-z_]/.test(token)) this.#fail(`'${token}' isn't expected there`);
    if (this.#accept('(')) return this.#call(token, this.#list(')'));
    if (this.#accept('[')) {
      const { [token]: tensor } = this.#names.tensors;
      if (tensor === undefined) this.#fail(`there is no tensor '${token}'`);
      return tensor.at(...this.#list(']').map((index) => this.#number(index)));
    }
    return this.#names.values[token] ?? this.#fail(`there is nothing named '${token}'`);
  }

  #closed(end: string): Value {
    const value = this.#infix(0);
    if (!this.#accept(end)) this.#fail(`'${end}' is missing`);
    return value;
  }

  #list(end: string): Value[] {
    const values = [this.#infix(0)];
    while (this.#accept(',')) values.push(this.#infix(0));
    if (!this.#accept(end)) this.#fail(`'${end}' is missing`);
    return values;
  }

  #call(name: string, args: readonly Value[]): Value {
    if (name === 'where') {
      return this.#boolean(args[0]).select(this.#number(args[1]), this.#number(args[2]));
    }
    const numbers = args.map((arg) => this.#number(arg));
    if (!Object.hasOwn(CALLS, name)) this.#fail(`there is no function '${name}'`);
    return CALLS[name](...numbers);
  }

  #apply(operator: string, a: Value, b: Value): Value {
    if (operator === 'and') return this.#boolean(a).and(this.#boolean(b));
    if (operator === 'or') return this.#boolean(a).or(this.#boolean(b));
    return OPERATORS[operator](this.#number(a), this.#number(b));
  }

  #number(value: Value | undefined): number | SymbolicNumber {
    if (value === undefined || (typeof value === 'object' && 'select' in value)) this.#fail('a number is missing');
    return value as number | SymbolicNumber;
  }

  #boolean(value: Value): SymbolicBoolean {
    if (typeof value !== 'object' || !('select' in value)) this.#fail('a comparison is missing');
    return value as SymbolicBoolean;
  }

  #peek(): string {
    return this.#tokens[this.#at] ?? '';
  }

  #next(): string {
    const token = this.#peek();
    if (token === '') this.#fail('the formula ends too early');
    this.#at++;
    return token;
  }

  #accept(token: string): boolean {
    if (this.#peek() !== token) return false;
    this.#at++;
    return true;
  }

  #fail(message: string): never {
    throw new HeedError('INVALID_ARGUMENT', { message: `formula '${this.#text}': ${message}` });
  }
}

type Operand = number | SymbolicNumber;

const bothPlain = (a: Operand, b: Operand): a is number => typeof a === 'number' && typeof b === 'number';

const add = (a: Operand, b: Operand): Operand =>
  bothPlain(a, b) ? a + Number(b) : typeof a === 'number' ? (b as SymbolicNumber).add(a) : a.add(b);
const negate = (a: Operand): Operand => (typeof a === 'number' ? -a : a.neg());
const multiply = (a: Operand, b: Operand): Operand =>
  bothPlain(a, b) ? a * Number(b) : typeof a === 'number' ? (b as SymbolicNumber).mul(a) : a.mul(b);
const divide = (a: Operand, b: Operand): Operand =>
  bothPlain(a, b) ? a / Number(b) : typeof a === 'number' ? (b as SymbolicNumber).pow(-1).mul(a) : a.div(b);
const power = (a: Operand, b: Operand): Operand => (typeof a === 'number' ? a ** Number(b) : a.pow(b));
const absolute = (a: Operand): Operand => (typeof a === 'number' ? Math.abs(a) : a.abs());
const remainder = (a: Operand, b: Operand): Operand => symbolic(a, b).mod(b);

/** A number as one of a hook, of which the other operand is one. */
const symbolic = (a: Operand, other: Operand): SymbolicNumber =>
  typeof a === 'number' ? (other as SymbolicNumber).mul(0).add(a) : a;

const OPERATORS: Readonly<Record<string, (a: Operand, b: Operand) => Value>> = {
  '+': add,
  '-': (a, b) => add(a, negate(b)),
  '*': multiply,
  '/': divide,
  '//': (a, b) => symbolic(a, b).floorDiv(b),
  '%': remainder,
  mod: remainder,
  '<': (a, b) => symbolic(a, b).lt(b),
  '<=': (a, b) => symbolic(a, b).le(b),
  '>': (a, b) => symbolic(a, b).gt(b),
  '>=': (a, b) => symbolic(a, b).ge(b),
  '==': (a, b) => symbolic(a, b).eq(b),
  '!=': (a, b) => symbolic(a, b).ne(b),
};

const ofSymbol =
  (f: (a: SymbolicNumber) => SymbolicNumber, plain: (a: number) => number) =>
  (a: Operand): Operand =>
    typeof a === 'number' ? plain(a) : f(a);

const CALLS: Readonly<Record<string, (...args: readonly Operand[]) => Value>> = {
  abs: absolute,
  exp: ofSymbol((a) => a.exp(), Math.exp),
  log: ofSymbol((a) => a.log(), Math.log),
  tanh: ofSymbol((a) => a.tanh(), Math.tanh),
  sqrt: ofSymbol((a) => a.sqrt(), Math.sqrt),
  sin: ofSymbol((a) => a.sin(), Math.sin),
  cos: ofSymbol((a) => a.cos(), Math.cos),
  sigmoid: ofSymbol(
    (a) => a.sigmoid(),
    (a) => 1 / (1 + Math.exp(-a)),
  ),
  min: (a, b) => symbolic(a, b).min(b),
  max: (a, b) => symbolic(a, b).max(b),
  minimum: (a, b) => symbolic(a, b).min(b),
  maximum: (a, b) => symbolic(a, b).max(b),
};
