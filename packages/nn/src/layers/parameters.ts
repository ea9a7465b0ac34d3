import * as tf from '@tensorflow/tfjs-core';
import { glorotUniform, type AttentionMechanism, type KernelInitializer } from '@heed/attention';
import { HeedError } from '@heed/core';
import { firstNotFinite, uniform } from '@heed/base';

/** One parameter's values, row-major. */
export interface ParameterValues {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** Parameters by their keys. */
export type ParameterTable = Readonly<Record<string, ParameterValues>>;

// 512 MiB of float32: more than any model of this kind needs, less than what stops a process.
const LARGEST_PARAMETER = 2 ** 27;
const TWO_32 = 2 ** 32;

/**
 * The parameters of a model, by keys that don't change between runs (a variable's own name does: TensorFlow.js wants it
 * unique in the process). Initial values depend on the seed and the key alone; or they are given, and then checked before
 * memory is taken for them.
 */
export class Parameters {
  readonly #variables: Record<string, tf.Variable> = {};
  readonly #parts: Pick<AttentionMechanism, 'dispose'>[] = [];
  #disposed = false;

  constructor(
    readonly seed: number,
    readonly given?: ParameterTable,
  ) {}

  get all(): Readonly<Record<string, tf.Variable>> {
    return this.#variables;
  }

  /** Number of values of all parameters. */
  get count(): number {
    return Object.values(this.#variables).reduce((sum, { size }) => sum + size, 0);
  }

  kernel(key: string, shape: readonly [number, number], initial: KernelInitializer = glorotUniform): tf.Tensor2D {
    return this.#add(key, shape, () => initial(shape, { seed: this.seed, stream: key }));
  }

  bias(key: string, values: Float32Array): tf.Tensor1D {
    return this.#add(key, [values.length], () => values);
  }

  /** A seed for a part that makes its own parameters, by a name: parts of one model must not start alike. */
  seedOf(name: string): number {
    return Math.floor(uniform({ stream: 'models', seed: this.seed, name })() * TWO_32);
  }

  /** Given values of a part that makes its own parameters, by its own keys. */
  givenFor(prefix: string): ParameterTable | undefined {
    if (this.given === undefined) return undefined;
    const keys = Object.keys(this.given).filter((key) => key.startsWith(`${prefix}/`));
    return Object.fromEntries(keys.map((key) => [key.slice(prefix.length + 1), this.given![key]]));
  }

  /** Tensors that are borrowed for a part that makes its own parameters, by its own keys; undefined when parameters are variables. */
  boundFor(_prefix: string): tf.NamedTensorMap | undefined {
    return undefined;
  }

  /** Takes in the parameters of a part that made its own, and disposes of the part with the others. */
  adopt(prefix: string, part: Pick<AttentionMechanism, 'parameters' | 'dispose'>): void {
    this.#parts.push(part);
    for (const [key, variable] of Object.entries(part.parameters)) this.#variables[`${prefix}/${key}`] = variable;
  }

  /** @throws HeedError CHECKPOINT_INVALID when something was given that no part asked for */
  checkAllUsed(): void {
    const unknown = Object.keys(this.given ?? {}).filter((key) => !Object.hasOwn(this.#variables, key));
    if (unknown.length > 0) {
      throw new HeedError('CHECKPOINT_INVALID', {
        message: `parameters [${unknown.slice(0, 10).join(', ')}] belong to no part of the model`,
        hint: 'the configuration and the parameters are of different models',
        details: { unknown },
      });
    }
  }

  /** @throws HeedError DISPOSED */
  assertAlive(call: string): void {
    if (this.#disposed) throw new HeedError('DISPOSED', { message: `${call} after dispose` });
  }

  dispose(): void {
    this.#disposed = true;
    for (const variable of Object.values(this.#variables)) variable.dispose();
    for (const part of this.#parts) part.dispose();
  }

  #add<R extends tf.Rank>(key: string, shape: readonly number[], initial: () => Float32Array): tf.Variable<R> {
    const values = this.given === undefined ? this.#initial(key, shape, initial) : this.#givenValues(key, shape);
    const variable = tf.tidy(() => tf.variable(tf.tensor(values, [...shape], 'float32')));
    this.#variables[key] = variable;
    return variable as tf.Variable<R>;
  }

  #initial(key: string, shape: readonly number[], initial: () => Float32Array): Float32Array {
    if (sizeOf(shape) > LARGEST_PARAMETER) {
      throw new HeedError('CONFIG_INVALID', {
        message: `parameter '${key}' would be [${shape}], more than 2^27 numbers`,
        details: { key, shape },
      });
    }
    return initial();
  }

  #givenValues(key: string, shape: readonly number[]): Float32Array {
    if (!Object.hasOwn(this.given!, key)) {
      throw new HeedError('CHECKPOINT_INVALID', {
        message: `parameter '${key}' [${shape}] is missing`,
        hint: 'the configuration and the parameters are of different models',
        details: { key, shape },
      });
    }
    const values = this.given![key];
    checkValues(key, values, shape);
    return values.data.slice();
  }
}

/**
 * Builds a model with parameters from a seed, or with the given ones, of which all must be used. They are freed when it fails.
 *
 * @throws what `build` throws; HeedError CHECKPOINT_INVALID when something was given that no part asked for
 */
export function withParameters<Model>(
  seed: number,
  given: ParameterTable | undefined,
  build: (parameters: Parameters) => Model,
): Model {
  const parameters = new Parameters(seed, given);
  try {
    const model = build(parameters);
    parameters.checkAllUsed();
    return model;
  } catch (error) {
    parameters.dispose();
    throw error;
  }
}

/** @throws HeedError SHAPE_MISMATCH, NOT_FINITE */
export function checkValues(key: string, { shape, data }: ParameterValues, expected: readonly number[]): void {
  if (shape.length !== expected.length || shape.some((length, axis) => length !== expected[axis])) {
    throw new HeedError('SHAPE_MISMATCH', {
      message: `parameter '${key}' is [${shape}], and the model's is [${expected}]`,
      details: { key, shape, expected },
    });
  }
  const at = firstNotFinite(data);
  if (at >= 0) {
    throw new HeedError('NOT_FINITE', {
      message: `parameter '${key}' [${shape}] holds ${data[at]} at flat index ${at}`,
      hint: 'the run that wrote it diverged, or the file is damaged',
      details: { key, index: at },
    });
  }
}

const sizeOf = (shape: readonly number[]): number => shape.reduce((size, length) => size * length, 1);
