import * as tf from '@tensorflow/tfjs-core';
import { firstNotFinite } from '@heed/base';
import { HeedError, checkTensor, show } from '@heed/core';
import { hasVariable } from './engine.js';

/** What `createMechanism` takes instead of random values: tensors by the keys of `parameters`. Borrowed. */
export type Weights = Readonly<Record<string, tf.Tensor>>;

export interface ParameterSpec {
  readonly shape: readonly number[];
  /** Row-major. Called only when no weights are given. */
  readonly initial: () => Float32Array;
}

// 512 MiB of float32: more than any mechanism needs, less than what stops a process when a configuration is hostile.
const LARGEST_PARAMETER = 2 ** 27;

/**
 * One variable per spec, keyed as the specs. A variable's own name is `name/key`, with a number after the name when
 * another live variable has it, since TensorFlow.js keeps one name for one variable in a process.
 *
 * @throws HeedError CONFIG_INVALID (a parameter is too large), or what `checkWeights` says, before anything is made
 */
export function createParameters<K extends string>(
  name: string,
  specs: Readonly<Record<K, ParameterSpec>>,
  weights?: Weights,
): Readonly<Record<K, tf.Variable>> {
  const entries = Object.entries<ParameterSpec>(specs);
  for (const [key, { shape }] of entries) {
    if (tf.util.sizeFromShape([...shape]) > LARGEST_PARAMETER) {
      throw new HeedError('CONFIG_INVALID', {
        message: `${name}: parameter '${key}' would be [${shape}], more than 2^27 numbers`,
        details: { key, shape },
      });
    }
  }
  if (weights !== undefined) checkWeights(name, specs, weights);
  const prefix = freePrefix(
    name,
    entries.map(([key]) => key),
  );
  const variables = entries.map(([key, { shape, initial }]) =>
    tf.tidy(() => {
      const value = weights?.[key] ?? tf.tensor(initial(), [...shape], 'float32');
      return [key, tf.variable(value, true, `${prefix}/${key}`)] as const;
    }),
  );
  return Object.freeze(Object.fromEntries(variables)) as Readonly<Record<K, tf.Variable>>;
}

function checkWeights(name: string, specs: Readonly<Record<string, ParameterSpec>>, weights: Weights): void {
  if (typeof weights !== 'object' || weights === null) {
    throw new HeedError('INVALID_ARGUMENT', {
      message: `${name}: the weights are ${show(weights)}`,
      hint: 'tensors by the keys of `parameters`; leave them out to start from the seed',
    });
  }
  const missing = Object.keys(specs).filter((key) => !Object.hasOwn(weights, key));
  const unknown = Object.keys(weights).filter((key) => !Object.hasOwn(specs, key));
  if (missing.length > 0 || unknown.length > 0) {
    throw new HeedError('CHECKPOINT_INVALID', {
      message: `${name}: weights lack [${missing}] and have unknown [${unknown}]`,
      hint: `the parameters are [${Object.keys(specs)}]`,
      details: { missing, unknown },
    });
  }
  for (const [key, { shape }] of Object.entries(specs)) {
    const given = weights[key];
    checkTensor(`${name}: weight '${key}'`, given, { axes: shape });
    const at = firstNotFinite(given.dataSync<'float32'>());
    if (at >= 0) {
      throw new HeedError('NOT_FINITE', {
        message: `${name}: weight '${key}' [${given.shape}] holds a value that isn't finite, at flat index ${at}`,
        hint: 'the run that wrote it diverged, or the file is damaged',
        details: { key, index: at },
      });
    }
  }
}

function freePrefix(name: string, keys: readonly string[]): string {
  for (let n = 0; ; n++) {
    const prefix = n === 0 ? name : `${name}_${n}`;
    if (!keys.some((key) => hasVariable(`${prefix}/${key}`))) return prefix;
  }
}
