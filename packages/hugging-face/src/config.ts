import { HeedError, show } from '@heed/base';
import { isObject, type Json } from './files/pretrained-files.js';

// No model has axes as long; a hostile configuration must not make the shapes overflow.
const LARGEST_SIZE = 2 ** 31;

/** The fields of a `config.json` or of an object in it, checked as they are read. `null` counts as absent, as it does in transformers. */
export class Config {
  constructor(
    readonly json: Json,
    readonly what = 'config.json',
  ) {}

  has(name: string): boolean {
    return this.json[name] != null;
  }

  /** A whole number ≥ 1. */
  size(name: string, fallback?: number): number {
    return this.#read(name, fallback, 'a whole number ≥ 1', isSize);
  }

  /** A whole number ≥ 0, such as a token's. */
  index(name: string, fallback?: number): number {
    return this.#read(name, fallback, 'a whole number ≥ 0', isIndex);
  }

  number(name: string, fallback?: number): number {
    return this.#read(name, fallback, 'a number', isNumber);
  }

  /** A number above 0, such as a norm's epsilon. */
  positive(name: string, fallback?: number): number {
    return this.#read(name, fallback, 'a number above 0', isPositive);
  }

  flag(name: string, fallback?: boolean): boolean {
    return this.#read(name, fallback, 'true or false', (value) => typeof value === 'boolean');
  }

  text(name: string, fallback?: string): string {
    return this.#read(name, fallback, 'a text', (value) => typeof value === 'string');
  }

  texts(name: string): readonly string[] {
    return this.#read(name, undefined, 'a list of texts', (value): value is string[] => isListOf(value, isText));
  }

  section(name: string): Config {
    const json = this.#read(name, undefined, 'an object', isObject);
    return new Config(json, `${this.what}: ${name}`);
  }

  /** Token ids of a field that has one or a list of them; none where it is absent. */
  ids(name: string): readonly number[] {
    const value = this.json[name] ?? [];
    return this.#checked(name, Array.isArray(value) ? value : [value], 'a token id, or a list of them', (ids) =>
      isListOf(ids, isIndex),
    );
  }

  /** @throws HeedError CONFIG_INVALID when the field says what isn't done here */
  refuseUnless(holds: boolean, name: string, wanted: string): void {
    if (holds) return;
    throw new HeedError('CONFIG_INVALID', {
      message: `${this.what}: ${name} is ${show(this.json[name])}`,
      hint: `this model is run with ${wanted} only`,
      details: { name, value: this.json[name] },
    });
  }

  #read<T>(name: string, fallback: T | undefined, wanted: string, is: (value: unknown) => value is T): T {
    const value = this.json[name] ?? fallback;
    return this.#checked(name, value, wanted, is);
  }

  #checked<T>(name: string, value: unknown, wanted: string, is: (value: unknown) => value is T): T {
    if (is(value)) return value;
    throw new HeedError('CONFIG_INVALID', {
      message: `${this.what}: ${name} is ${value === undefined ? 'missing' : show(value)}`,
      hint: wanted,
      details: { name, value },
    });
  }
}

const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);
const isPositive = (value: unknown): value is number => isNumber(value) && value > 0;
const isIndex = (value: unknown): value is number =>
  Number.isInteger(value) && (value as number) >= 0 && (value as number) <= LARGEST_SIZE;
const isSize = (value: unknown): value is number => isIndex(value) && value > 0;
const isText = (value: unknown): value is string => typeof value === 'string';
const isListOf = <T>(value: unknown, is: (item: unknown) => item is T): value is T[] =>
  Array.isArray(value) && value.every(is);
