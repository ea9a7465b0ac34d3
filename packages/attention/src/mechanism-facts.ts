import type { MechanismDefinition } from './definition.js';
import type { Formula } from './formula.js';
import { optionNames } from './schema.js';

/**
 * What can be known of a mechanism without loading TensorFlow.js: for help texts, menus and pages. `@heed/attention/facts`
 * has those of all mechanisms, written from their definitions when the package is built.
 */
export interface MechanismFacts<Kind extends string = string> {
  readonly kind: Kind;
  /** Name for people. */
  readonly title: string;
  readonly formula: Formula;
  /** Names of the options that can be chosen. */
  readonly options: readonly string[];
  /** Whether query and memory are compared as they are, so that their widths must be equal. */
  readonly comparesAsIs: boolean;
  /** Whether it remembers something from step to step. */
  readonly keepsState: boolean;
  /** Whether weights are something else than the softmax of the scores that the caller's masks leave. */
  readonly weighs: boolean;
  /** Whether a query never attends to a later position than its own, for texts that attend to themselves. */
  readonly looksBack: boolean;
  /** Whether it is core's `dotProductAttention` and nothing else. */
  readonly isOp: boolean;
}

export const factsOf = <Kind extends string>({
  kind,
  title,
  formula,
  schema,
  fit,
  state,
  weighs,
  looksBack,
  op,
}: Pick<MechanismDefinition, 'title' | 'formula' | 'schema' | 'fit' | 'state' | 'weighs' | 'looksBack' | 'op'> & {
  readonly kind: Kind;
}): MechanismFacts<Kind> => ({
  kind,
  title,
  formula,
  options: optionNames(schema),
  comparesAsIs: fit.comparesAsIs,
  keepsState: state !== undefined,
  weighs: weighs ?? false,
  looksBack: looksBack ?? false,
  isOp: op !== undefined,
});
