import { HeedError, show, suggestion } from '@heed/base';
import type { Json } from '../files/read-json.js';
import type { LayerArgs } from '../layers/keras-layer.js';
import { activationName, findActivation, type Activation } from './activations.js';
import { makeConstraint, makeInitializer, makeRegularizer } from './deserialize.js';
import { madeByKeras2 } from './keras-version.js';

/** Options of a layer as Keras wrote them, in snake case; each is checked when it is read. */
export class LayerConfig {
  readonly #className: string;
  readonly values: Json;

  constructor(className: string, values: Json) {
    this.#className = className;
    this.values = values;
  }

  /** What every layer of TensorFlow.js takes. */
  get layerArgs(): LayerArgs {
    const { name, trainable } = this.values;
    return { ...(typeof name === 'string' && { name }), ...(trainable === false && { trainable }) };
  }

  has(key: string): boolean {
    return this.values[key] !== undefined && this.values[key] !== null;
  }

  number(key: string, fallback?: number): number {
    const value = this.#read(key, fallback);
    return typeof value === 'number' && Number.isFinite(value) ? value : this.refuse(key, 'a number');
  }

  /** A whole number of at least 1. */
  count(key: string, fallback?: number): number {
    const value = this.number(key, fallback);
    return Number.isSafeInteger(value) && value >= 1 ? value : this.refuse(key, 'a whole number of at least 1');
  }

  /** Share that a dropout sets to 0, within [0, 1]. */
  rate(key: string, fallback?: number): number {
    const value = this.number(key, fallback);
    return value >= 0 && value <= 1 ? value : this.refuse(key, 'a rate between 0 and 1');
  }

  flag(key: string, fallback: boolean): boolean {
    const value = this.#read(key, fallback);
    return typeof value === 'boolean' ? value : this.refuse(key, 'true or false');
  }

  choice<Name extends string>(key: string, names: readonly Name[], fallback?: Name): Name {
    const value = this.#read(key, fallback) as Name;
    return names.includes(value) ? value : this.refuse(key, suggestion(String(value), names, 'one of these:'));
  }

  /** Numbers, or one of them alone. */
  numbers(key: string, fallback?: readonly number[]): readonly number[] {
    const value = this.#read(key, fallback);
    const list: readonly unknown[] = Array.isArray(value) ? value : [value];
    return list.every(Number.isFinite) ? (list as number[]) : this.refuse(key, 'numbers');
  }

  /** Whole numbers, or one of them alone. */
  integers(key: string, fallback?: readonly number[]): readonly number[] {
    const value = this.#read(key, fallback);
    const list: readonly unknown[] = Array.isArray(value) ? value : [value];
    return list.every(Number.isSafeInteger) ? (list as number[]) : this.refuse(key, 'whole numbers');
  }

  /** As many numbers of at least `least` as there are axes of space; one number stands for all. */
  perAxis(key: string, axes: number, fallback?: number, least = 1): number[] {
    const list = this.integers(key, fallback === undefined ? undefined : [fallback]);
    const all = list.length === 1 ? Array.from({ length: axes }, () => list[0]) : [...list];
    return all.length === axes && all.every((one) => one >= least)
      ? all
      : this.refuse(key, `${axes} whole numbers of at least ${least}`);
  }

  /** Amounts before and after each axis of space: one number, one for each axis, or a pair for each. */
  beforeAndAfter(key: string, axes: number, fallback: number): (readonly [number, number])[] {
    const value = this.#read(key, fallback);
    const outer: readonly unknown[] = Array.isArray(value) ? value : Array.from({ length: axes }, () => value);
    const isPair = axes === 1 && outer.length === 2 && outer.every(Number.isSafeInteger);
    const pairs = (isPair ? [outer] : outer).map((one) => (Array.isArray(one) ? one : [one, one]) as [number, number]);
    const good =
      pairs.length === axes &&
      pairs.every((pair) => pair.length === 2 && pair.every((n) => Number.isSafeInteger(n) && n >= 0));
    return good ? pairs : this.refuse(key, `whole numbers for ${axes} axes`);
  }

  /** Whether the channels come first; this can't be chosen by name alone, as null stands for the default, last. */
  get channelsFirst(): boolean {
    return this.choice('data_format', ['channels_last', 'channels_first'], 'channels_last') === 'channels_first';
  }

  activation(key = 'activation', fallback = 'linear'): Activation {
    return findActivation(this.values[key] ?? fallback, this.#className, madeByKeras2(this.values));
  }

  activationName(key: string, fallback: string): string {
    return activationName(this.values[key] ?? fallback);
  }

  /** Arguments of `addWeight` after name and shape: how a weight begins, what its size costs, and what holds it within bounds. */
  weight(part: string, initializer: string): ReturnType<typeof weightOptions> {
    return weightOptions(this.values, part, initializer);
  }

  #read(key: string, fallback: unknown): unknown {
    return this.values[key] ?? fallback;
  }

  /** @throws HeedError CONFIG_INVALID that says what an option is to be */
  refuse(key: string, wanted: string): never {
    throw new HeedError('CONFIG_INVALID', {
      message: `${this.#className} ${show(this.values['name'] ?? '')}: ${key} is ${show(this.values[key])}`,
      hint: `it is to be ${wanted}`,
      details: { className: this.#className, key },
    });
  }
}

function weightOptions(values: Json, part: string, initializer: string) {
  return {
    initializer: makeInitializer(values[`${part}_initializer`] ?? initializer),
    regularizer: makeRegularizer(values[`${part}_regularizer`]),
    constraint: makeConstraint(values[`${part}_constraint`]),
  };
}
