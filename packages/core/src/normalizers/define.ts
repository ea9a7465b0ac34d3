import type { Tensor } from '@tensorflow/tfjs-core';
import { HeedError, show } from '@heed/base';

/**
 * A normaliser of `weightedContext`: how the scores of a row become its weights. These forms run on every engine; a backend
 * has its own, in its kernels, for the names that it declares.
 *
 * Scores are [B, H, Tq, Tk], −∞ where a position takes no part; what comes out for such a position is replaced by 0. An attended
 * NaN or +∞ makes its whole row NaN, unless the normaliser says otherwise.
 */
export interface NormalizerDefinition<Name extends string = string> {
  readonly name: Name;
  /** What people call it, in tables and titles. */
  readonly title: string;
  /** The weights. */
  forward(scores: Tensor, parameter?: Tensor): Tensor;
  /** The gradient in the scores, by the weights, the gradient in them (0 where a position takes no part), and the scores. */
  backward(weights: Tensor, dWeights: Tensor, scores: Tensor, parameter?: Tensor): Tensor;
  /**
   * A number that decides how scores become weights, one for all heads or one for each: float32 [], [1] or [H], borrowed. Both passes get
   * it as [1, 1 or H, 1, 1]. Where there is one, there is `parameterGradient` too.
   */
  readonly parameter?: Tensor;
  /** What each row adds to the gradient in the parameter, [B, H, Tq, 1]; core adds it up. */
  parameterGradient?(weights: Tensor, dWeights: Tensor, scores: Tensor, parameter: Tensor): Tensor;
}

/** A normaliser of one's own, for `weightedContext(scores, value, { normalizer })`. */
export const defineNormalizer = <const Name extends string>(
  definition: NormalizerDefinition<Name>,
): NormalizerDefinition<Name> => definition;

/**
 * Refuses what isn't a definition, and one that goes by the name of another: backends have kernels by name.
 *
 * @param known definitions that have their names
 * @throws HeedError INVALID_ARGUMENT
 */
export function checkNormalizer(
  what: string,
  given: Partial<NormalizerDefinition>,
  known: Readonly<Record<string, NormalizerDefinition>>,
): void {
  const { name = '', forward, backward, parameter, parameterGradient } = given;
  if (typeof name !== 'string' || name === '' || typeof forward !== 'function' || typeof backward !== 'function') {
    throw new HeedError('INVALID_ARGUMENT', {
      message: `${what} is ${show(given)}, not a normaliser`,
      hint: 'a name, or what defineNormalizer({ name, title, forward, backward }) makes',
    });
  }
  if ((parameter === undefined) !== (parameterGradient === undefined)) {
    throw new HeedError('INVALID_ARGUMENT', {
      message: `${what} '${name}' has ${parameter === undefined ? 'a gradient of a parameter' : 'a parameter without its gradient'}`,
      hint: 'give parameter and parameterGradient, or neither',
    });
  }
  if (Object.hasOwn(known, name) && known[name] !== given) {
    throw new HeedError('INVALID_ARGUMENT', {
      message: `${what} is called '${name}', as another is`,
      hint: `give it a name of its own; taken are ${Object.keys(known).join(', ')}`,
    });
  }
}
