import type { Tensor } from '@tensorflow/tfjs-core';
import { HeedError } from '@heed/base';
import { checkAlive, checkDtype } from '../tensor-like.js';
import type { ModelOp } from './define.js';
import { layoutOf, type AxisLayout } from './layout.js';

/** Inputs by name: a tensor or a list of them. */
export type GivenInputs = Readonly<Record<string, Tensor | readonly Tensor[]>>;

/**
 * Refuses inputs that aren't float32 tensors of the shapes that the op is defined for.
 *
 * @throws HeedError INVALID_ARGUMENT, DISPOSED, DTYPE_UNSUPPORTED, SHAPE_MISMATCH
 */
export function checkInputs(op: ModelOp, given: GivenInputs): void {
  const lengths: Record<string, number> = {};
  for (const { name, axes } of layoutOf(op).inputs) {
    const tensors = asList(given[name]);
    if (tensors.length === 0) {
      throw new HeedError('INVALID_ARGUMENT', {
        message: `${op.name}: no ${name} are given`,
        hint: 'pass one or more',
      });
    }
    for (const tensor of tensors) {
      if (isAlive(tensor) && tensor.dtype === 'float32' && (axes === undefined || fits(tensor.shape, axes, lengths))) {
        continue;
      }
      refuse(op, name, tensor, lengths);
    }
  }
}

const isAlive = (tensor: Tensor): boolean => tensor?.isDisposed === false;

/** Throws what is wrong with an input, whose shape is it when nothing else is. */
function refuse({ name: op, inputs }: ModelOp, name: string, tensor: Tensor, lengths: Record<string, number>): never {
  const { shape = [] } = inputs[name];
  checkAlive(`${op}: ${name}`, tensor, `a float32 tensor [${shape.join(', ')}]`);
  checkDtype(`${op}: ${name}`, tensor, 'float32');
  const known = Object.entries(lengths).map(([letter, length]) => `${letter} = ${length}`);
  throw new HeedError('SHAPE_MISMATCH', {
    message: `${op}: ${name} has shape [${tensor.shape}], expected [${shape.join(', ')}]`,
    hint: known.length === 0 ? 'mind the number of axes' : `going by the inputs before it, ${known.join(', ')}`,
    details: { [name]: tensor.shape, expected: shape },
  });
}

export const asList = (given: Tensor | readonly Tensor[]): readonly Tensor[] =>
  Array.isArray(given) ? (given as readonly Tensor[]) : [given as Tensor];

/** Whether a shape is the one that axes tell; when it is, lengths that are new with it are noted by their letters. */
function fits(shape: readonly number[], axes: readonly AxisLayout[], lengths: Record<string, number>): boolean {
  if (shape.length !== axes.length) return false;
  const found: Record<string, number> = {};
  for (const [n, { letter, times }] of axes.entries()) {
    const length = shape[n] / times;
    const known = letter === '' ? 1 : (lengths[letter] ?? found[letter] ?? length);
    if (known !== length || !Number.isInteger(length)) return false;
    if (letter !== '') found[letter] = length;
  }
  Object.assign(lengths, found);
  return true;
}

/**
 * Refuses an array that has another number of entries than there are rows, say.
 *
 * @throws HeedError SHAPE_MISMATCH
 */
export function checkLength(what: string, array: { readonly length: number }, length: number): void {
  if (array.length === length) return;
  throw new HeedError('SHAPE_MISMATCH', {
    message: `${what} has ${array.length} entries, expected ${length}`,
    hint: 'one for each row',
    details: { length: array.length, expected: length },
  });
}

/**
 * Refuses numbers of rows or classes that aren't there, which a kernel would read past the end of a tensor for.
 *
 * @throws HeedError INVALID_ARGUMENT
 */
export function checkIds(what: string, ids: Int32Array, count: number): void {
  const at = ids.findIndex((id) => !(id >= 0 && id < count));
  if (at < 0) return;
  throw new HeedError('INVALID_ARGUMENT', {
    message: `${what}[${at}] is ${ids[at]}`,
    hint: `numbers are from 0 to ${count - 1}`,
    details: { at, id: ids[at], count },
  });
}
