import { HeedError } from '@heed/base';
import * as tf from '@tensorflow/tfjs-core';
import type { Shape, Shapes } from './shapes.js';
import type { Stored } from './stored.js';
import { listed, Tree } from './tree.js';

export type Variables = Readonly<Record<string, tf.Variable>>;

/** A module's part of a state dict: what there is under its prefix, by the module's own keys. */
export interface Part {
  /** Prefix with the dot at its end; empty for the whole. */
  readonly prefix: string;
  readonly stored: ReadonlyMap<string, Stored>;
}

/** Shapes of a part. */
export const shapesOf = ({ stored }: Part): Tree<Shape> =>
  new Tree(new Map([...stored].map(([key, { shape }]) => [key, shape])));

/**
 * The parameters of a module as variables, by its own keys and in PyTorch's shapes. Nothing is made unless all are there, fit and are
 * finite.
 *
 * @throws HeedError CHECKPOINT_INVALID (missing and unexpected keys), SHAPE_MISMATCH, DTYPE_UNSUPPORTED, NOT_FINITE
 */
export function readParameters(kind: string, part: Part, expected: Shapes): Variables {
  checkKeys(kind, part, expected);
  const read = Object.entries(expected).map(([key, shape]) => {
    const name = part.prefix + key;
    const stored = part.stored.get(key)!;
    checkShape(kind, name, stored.shape, shape);
    return [key, shape, finite(name, stored.read(name))] as const;
  });
  const variables: Record<string, tf.Variable> = {};
  try {
    for (const [key, shape, values] of read) {
      variables[key] = tf.tidy(() => tf.variable(tf.tensor(values, [...shape], 'float32')));
    }
  } catch (error) {
    tf.dispose(variables);
    throw error;
  }
  return variables;
}

function checkKeys(kind: string, { prefix, stored }: Part, expected: Shapes): void {
  const missing = Object.keys(expected).filter((key) => !stored.has(key));
  const unexpected = [...stored.keys()].filter((key) => !Object.hasOwn(expected, key));
  if (missing.length === 0 && unexpected.length === 0) return;
  const named = (keys: readonly string[]): string => listed(keys.map((key) => prefix + key));
  const wrong = [
    ...(missing.length > 0 ? [`has no ${named(missing)}`] : []),
    ...(unexpected.length > 0 ? [`has ${named(unexpected)}, which ${kind} has no place for`] : []),
  ];
  throw new HeedError('CHECKPOINT_INVALID', {
    message: `${kind}: the state dict ${wrong.join(', and ')}`,
    hint: `the keys of such a module are: ${Object.keys(expected).join(', ')}`,
    details: { kind, prefix, missing, unexpected },
  });
}

function checkShape(kind: string, name: string, found: Shape, expected: Shape): void {
  if (found.includes(0)) {
    throw new HeedError('SHAPE_MISMATCH', {
      message: `${kind}: '${name}' of the state dict is [${found}], which holds nothing`,
      details: { name, shape: found },
    });
  }
  if (found.length === expected.length && found.every((length, axis) => length === expected[axis])) return;
  throw new HeedError('SHAPE_MISMATCH', {
    message: `${kind}: '${name}' of the state dict is [${found}], and must be [${expected}] beside the others`,
    details: { name, shape: found, expected },
  });
}

function finite(name: string, numbers: ArrayLike<number>): Float32Array {
  const values = Float32Array.from(numbers);
  for (let n = 0; n < values.length; n++) {
    if (Number.isFinite(values[n])) continue;
    throw new HeedError('NOT_FINITE', {
      message: `'${name}' of the state dict holds ${values[n]} at flat index ${n}`,
      hint: 'the training that wrote it diverged, or the file is damaged',
      details: { name, index: n },
    });
  }
  return values;
}
