import { HeedError } from '@heed/base';
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';

/** Letters of each operand's axes and of the result's, those of '...' written out. */
export interface Equation {
  readonly operands: readonly (readonly string[])[];
  readonly output: readonly string[];
}

/**
 * Reads 'abc,cd->abd', '...a,ab->...b' or 'ab,bc', of operands of these ranks.
 *
 * @throws HeedError INVALID_ARGUMENT
 */
export function readEquation(text: string, ranks: readonly number[]): Equation {
  const [terms, result] = text.replaceAll(' ', '').split('->') as [string, string?];
  const parts = terms.split(',');
  const isTerm = /^[a-zA-Z]*(\.\.\.)?[a-zA-Z]*$/;
  if (parts.length !== ranks.length || ![...parts, result ?? ''].every((part) => isTerm.test(part))) {
    throw refusal(text, `there are ${ranks.length} tensors`);
  }
  const others = parts.map((part, n) => (part.includes('...') ? ranks[n]! - part.replace('...', '').length : 0));
  const most = Math.max(0, ...others);
  const hidden = Array.from({ length: most }, (_, n) => `axis${n}`);
  const lettersOf = (part: string, count: number): string[] => {
    const [before, after] = part.split('...') as [string, string?];
    return after === undefined ? [...before] : [...before, ...hidden.slice(most - count), ...after];
  };
  const operands = parts.map((part, n) => lettersOf(part, others[n]!));
  for (const [n, letters] of operands.entries()) {
    if (letters.length !== ranks[n]) throw refusal(text, `tensor ${n} has ${ranks[n]} axes`);
    if (new Set(letters).size < letters.length)
      throw refusal(text, 'a letter stands twice in a term, which isn’t supported');
  }
  const named = operands.flat().filter((letter) => !hidden.includes(letter));
  const once = named.filter((letter) => named.indexOf(letter) === named.lastIndexOf(letter)).toSorted();
  const output = result === undefined ? [...hidden, ...once] : lettersOf(result, most);
  if (!output.every((letter) => operands.flat().includes(letter)))
    throw refusal(text, 'the result has a letter of no term');
  return { operands, output };
}

const refusal = (equation: string, why: string): HeedError =>
  new HeedError('INVALID_ARGUMENT', {
    message: `einsum '${equation}': ${why}`,
    hint: "like 'bij,bjk->bik' or '...x,xy->...y'",
    details: { equation },
  });

interface Term {
  readonly tensor: Tensor;
  readonly letters: readonly string[];
}

/** Products summed along the axes that an equation names: of two tensors one matrix product, as TensorFlow.js's einsum has no gradient. */
export function einsum({ operands, output }: Equation, tensors: readonly Tensor[]): Tensor {
  const terms = tensors.map((tensor, n): Term => ({ tensor, letters: operands[n]! }));
  const all = terms.slice(1).reduce<Term>((before, term, n) => {
    const later = terms.slice(n + 2).flatMap(({ letters }) => letters);
    return contract(before, term, [...output, ...later]);
  }, terms[0]!);
  const { tensor, letters } = summed(all, output);
  return tf.transpose(
    tensor,
    output.map((letter) => letters.indexOf(letter)),
  );
}

/** A term without the axes that nothing needs. */
function summed({ tensor, letters }: Term, needed: readonly string[]): Term {
  const gone = letters.flatMap((letter, axis) => (needed.includes(letter) ? [] : [axis]));
  if (gone.length === 0) return { tensor, letters };
  return { tensor: tf.sum(tensor, gone), letters: letters.filter((letter) => needed.includes(letter)) };
}

function contract(first: Term, second: Term, needed: readonly string[]): Term {
  const a = summed(first, [...needed, ...second.letters]);
  const b = summed(second, [...needed, ...first.letters]);
  const both = a.letters.filter((letter) => b.letters.includes(letter));
  const gone = both.filter((letter) => !needed.includes(letter));
  const shared = both.filter((letter) => needed.includes(letter));
  const left = a.letters.filter((letter) => !both.includes(letter));
  const right = b.letters.filter((letter) => !both.includes(letter));
  const lengths = new Map([
    ...a.letters.map((letter, axis) => [letter, a.tensor.shape[axis]!] as const),
    ...b.letters.map((letter, axis) => [letter, b.tensor.shape[axis]!] as const),
  ]);
  const arranged = ({ tensor, letters }: Term, parts: readonly (readonly string[])[]): Tensor =>
    tf.reshape(
      tf.transpose(
        tensor,
        parts.flat().map((letter) => letters.indexOf(letter)),
      ),
      parts.map((part) => part.reduce((product, letter) => product * lengths.get(letter)!, 1)),
    );
  const letters = [...shared, ...left, ...right];
  const product = tf.matMul(arranged(a, [shared, left, gone]), arranged(b, [shared, gone, right]));
  return {
    tensor: tf.reshape(
      product,
      letters.map((letter) => lengths.get(letter)!),
    ),
    letters,
  };
}
