import * as tf from '@tensorflow/tfjs-core';
import { HeedError } from '@heed/base';
import { onlyWhile } from '@heed/core';
import type { DType } from '@heed/formats';
import type { StoredTensor, StoredTensors } from './files/stored-weights.js';

/** A tensor of a model, which definitions ask for by name and shape before any is read. */
export class Parameter {
  #tensor: tf.Tensor | undefined;
  /** Values that it begins with, of one that is trained from the beginning rather than read. */
  first: (() => Float32Array) | undefined;
  /** How a layer multiplies rows by it; undefined of what isn't multiplied by. */
  stored: 'outputs by inputs' | 'inputs by outputs' | undefined;
  /** Whether rows of it are looked up. */
  isTable = false;
  /** What is added to rows that were multiplied by it; undefined without an adapter. */
  adapter: ((rows: tf.Tensor2D) => tf.Tensor2D) | undefined;

  constructor(
    readonly name: string,
    readonly shape: readonly number[],
    /** Values that are made rather than read. */
    readonly made?: () => Float32Array,
  ) {}

  get size(): number {
    return this.shape.reduce((size, length) => size * length, 1);
  }

  /** @throws HeedError DISPOSED before it was loaded */
  tensor<R extends tf.Rank = tf.Rank>(): tf.Tensor<R> {
    if (this.#tensor === undefined) throw new HeedError('DISPOSED', { message: `${this.name} has no values` });
    const { dataId } = this.#tensor;
    // A copy of the model may hold on to what this one lets go of.
    onlyWhile(() => this.#tensor?.dataId === dataId);
    return this.#tensor as tf.Tensor<R>;
  }

  fill(values: Float32Array, trainable: boolean): void {
    this.#hold(tf.tensor(values, [...this.shape], 'float32'), trainable);
  }

  /** Takes the values of another as its own; until one of them changes they are in memory once. */
  copy(other: Parameter, trainable: boolean): void {
    this.#hold(tf.clone(other.tensor()), trainable);
  }

  /** Makes a variable of it, or something that no optimizer changes. */
  train(trainable: boolean): void {
    const before = this.tensor();
    if (before instanceof tf.Variable === trainable) return;
    this.#hold(tf.clone(before), trainable);
    before.dispose();
  }

  /** Gives it the values of a tensor, which it takes over. */
  replace(tensor: tf.Tensor): void {
    const before = this.tensor();
    if (before instanceof tf.Variable) {
      before.assign(tensor);
      tensor.dispose();
      return;
    }
    this.#tensor = tf.keep(tensor);
    before.dispose();
  }

  assign(values: Float32Array): void {
    this.replace(tf.tensor(values, [...this.shape], 'float32'));
  }

  get isFilled(): boolean {
    return this.#tensor !== undefined;
  }

  #hold(tensor: tf.Tensor, trainable: boolean): void {
    if (trainable && this.made === undefined) {
      this.#tensor = tf.variable(tensor);
      tensor.dispose();
    } else this.#tensor = tf.keep(tensor);
  }

  dispose(): void {
    this.#tensor?.dispose();
    this.#tensor = undefined;
  }
}

/** @throws HeedError INVALID_ARGUMENT for the parameters of a model that an adapter is on */
export function assertUnadapted(call: string, parameters: readonly Parameter[]): void {
  const adapted = parameters.find(({ adapter }) => adapter !== undefined);
  if (adapted === undefined) return;
  throw new HeedError('INVALID_ARGUMENT', {
    message: `${call}: an adapter is on ${adapted.name}`,
    hint: 'merge() makes it a part of the weights, save() of the adapter writes it by itself, dispose() takes it off',
    details: { name: adapted.name },
  });
}

/** How many more tensors a configuration may ask for than the files have, before it is refused without building the rest of it. */
const MOST_MISSING = 2 ** 12;

const farTooMany = (stored: number, name: string): HeedError =>
  new HeedError('CHECKPOINT_INVALID', {
    message: `the files of weights have ${stored} tensors, and config.json asks for thousands more, such as ${name}`,
    hint: 'config.json and the weights are of different models',
    details: { stored, name },
  });

/** Parameters under a common beginning of their names. */
export class ParameterTree {
  constructor(
    private readonly stored: StoredTensors,
    readonly asked: Map<string, Parameter> = new Map(),
    private readonly prefix = '',
  ) {}

  at(name: string): ParameterTree {
    return new ParameterTree(this.stored, this.asked, `${this.prefix}${name}.`);
  }

  /** Whether the files have it. */
  has(name: string): boolean {
    return this.stored.has(this.prefix + name);
  }

  /**
   * The parameter of that name, one and the same however often it is asked for.
   *
   * @param made its values, of one that is computed rather than read
   * @throws HeedError CHECKPOINT_INVALID when far more are asked for than there are
   */
  get(name: string, shape: readonly number[], made?: () => Float32Array): Parameter {
    const full = this.prefix + name;
    const known = this.asked.get(full);
    if (known !== undefined) return known;
    const parameter = new Parameter(full, shape, made);
    this.asked.set(full, parameter);
    if (this.asked.size > this.stored.size + MOST_MISSING) throw farTooMany(this.stored.size, full);
    return parameter;
  }
}

export interface FillOptions {
  /** Whether the parameters are variables. */
  readonly trainable: boolean;
  /** Most bytes that all of them may take as float32. */
  readonly maxBytes: number;
  /** Whether a tensor that nothing asked for is known to be of no use: another head's, a buffer. */
  readonly isSpare: (name: string) => boolean;
}

/**
 * Reads what was asked for, one tensor at a time, once all names and shapes were found to fit.
 *
 * @returns names of tensors that the model has no use for
 * @throws HeedError CHECKPOINT_INVALID for missing and unexpected ones, SHAPE_MISMATCH, DTYPE_UNSUPPORTED, FILE_TOO_LARGE; NOT_FINITE, and what reading throws
 */
export async function fillParameters(
  parameters: readonly Parameter[],
  stored: StoredTensors,
  { trainable, maxBytes, isSpare }: FillOptions,
): Promise<readonly string[]> {
  const read = parameters.filter(({ made, first }) => made === undefined && first === undefined);
  const spare = checkNames(parameters, read, stored, isSpare);
  for (const parameter of read) {
    checkDtype(stored.get(parameter.name)!);
    checkShape(parameter, stored.get(parameter.name)!);
  }
  const bytes = parameters.reduce((sum, { size }) => sum + size * Float32Array.BYTES_PER_ELEMENT, 0);
  if (bytes > maxBytes) {
    throw new HeedError('FILE_TOO_LARGE', {
      message: `the model takes ${sizeOf(bytes)} as float32, the limit is ${sizeOf(maxBytes)}`,
      hint: 'free some memory, take a smaller model, or give a larger maxBytes when there is room for it',
      details: { bytes, maxBytes },
    });
  }
  try {
    for (const parameter of parameters) {
      const values = parameter.made?.() ?? parameter.first?.();
      parameter.fill(values ?? (await readFinite(stored.get(parameter.name)!, parameter.name)), trainable);
    }
  } catch (error) {
    for (const parameter of parameters) parameter.dispose();
    throw error;
  }
  return spare;
}

function checkNames(
  parameters: readonly Parameter[],
  read: readonly Parameter[],
  stored: StoredTensors,
  isSpare: FillOptions['isSpare'],
): readonly string[] {
  const asked = new Set(parameters.map(({ name }) => name));
  const missing = read.filter(({ name }) => !stored.has(name)).map(({ name }) => name);
  const unused = [...stored.keys()].filter((name) => !asked.has(name));
  const unexpected = unused.filter((name) => !isSpare(name));
  if (missing.length === 0 && unexpected.length === 0) return unused;
  const listed = (names: readonly string[]): string =>
    `${names.slice(0, 6).join(', ')}${names.length > 6 ? ` and ${names.length - 6} more` : ''}`;
  const parts = [
    ...(missing.length > 0 ? [`has no ${listed(missing)}`] : []),
    ...(unexpected.length > 0 ? [`has ${listed(unexpected)}, which the model has no place for`] : []),
  ];
  throw new HeedError('CHECKPOINT_INVALID', {
    message: `the file of weights ${parts.join(', and ')}`,
    hint: 'config.json and the weights are of different models',
    details: { missing, unexpected },
  });
}

/** '1.5 GiB (1610612736 bytes)' */
const sizeOf = (bytes: number): string => `${(bytes / 2 ** 30).toPrecision(3)} GiB (${bytes} bytes)`;

/** What is computed in float32. */
const FLOATS: readonly DType[] = ['float32', 'float16', 'bfloat16', 'float64'];

function checkDtype({ name, dtype }: StoredTensor): void {
  if (FLOATS.includes(dtype)) return;
  throw new HeedError('DTYPE_UNSUPPORTED', {
    message: `${name} is ${dtype} in the file`,
    hint: `weights are one of ${FLOATS.join(', ')}; those of quantized models are written so by dequantize() of transformers`,
    details: { name, dtype },
  });
}

/** @throws HeedError SHAPE_MISMATCH */
export function checkShape({ name, shape }: Pick<Parameter, 'name' | 'shape'>, stored: StoredTensor): void {
  if (stored.shape.length === shape.length && shape.every((length, axis) => stored.shape[axis] === length)) return;
  throw new HeedError('SHAPE_MISMATCH', {
    message: `${name} is [${stored.shape}] in the file, and [${shape}] by config.json`,
    hint: 'config.json and the weights are of different models',
    details: { name, stored: stored.shape, expected: shape },
  });
}

/** @throws HeedError NOT_FINITE, and what reading throws */
export async function readFinite(stored: StoredTensor, name = stored.name): Promise<Float32Array> {
  const { data } = await stored.read();
  const values = data instanceof Float32Array ? data : Float32Array.from(data);
  for (let n = 0; n < values.length; n++) {
    if (Number.isFinite(values[n])) continue;
    throw new HeedError('NOT_FINITE', {
      message: `${name} holds ${values[n]} at flat index ${n}`,
      hint: 'the training that wrote it diverged, or the file is damaged',
      details: { name, index: n },
    });
  }
  return values;
}
