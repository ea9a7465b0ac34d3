import type { Trainable } from '@heed/nn';

/** What the last part of a parameter's name says. */
const KINDS: readonly (readonly [RegExp, string])[] = [
  [/(^|_)bias(_|$)/, 'vector that is added'],
  [/(^|_)gain$|(^|_)scale$/, 'vector that multiplies'],
  [/^embedding$/, 'a row for each symbol, the boundary first'],
  [/kernel(_|$)/, 'matrix, [in, out]'],
];

/** One parameter of a model, for people. */
interface Described {
  readonly name: string;
  readonly shape: readonly number[];
  readonly what: string;
}

/** What each parameter is, by its name: 'encoder/0/forward/recurrent_kernel' is the recurrent kernel of encoder, 0, forward. */
export const parametersOf = ({ parameters }: Pick<Trainable, 'parameters'>): Described[] =>
  Object.entries(parameters).map(([name, { shape }]) => {
    const places = name.split('/');
    const last = places.pop()!;
    const kind = KINDS.find(([pattern]) => pattern.test(last))?.[1];
    const where = places.length === 0 ? '' : ` of ${places.join(', ').replaceAll('_', ' ')}`;
    return { name, shape, what: `${last.replaceAll('_', ' ')}${where}${kind === undefined ? '' : `: ${kind}`}` };
  });
