import type { Config } from '../config.js';
import type { Network } from '../networks/network.js';
import type { ParameterTree } from '../parameters.js';

/** Builds the network of a class, whose parameters it asks for by name. */
export type Build = (config: Config, weights: ParameterTree) => Network;

/** Models of one kind, under the names that transformers has for their classes and tensors. */
export interface Family {
  /** What names of the body's tensors begin with in files of models with a head, and not in those of the body alone. */
  readonly prefix: string;
  /** Classes whose files are of the body alone, without the prefix; those whose names end with `Model` by default. */
  readonly bare?: RegExp;
  /** Names that tensors had in older files, and what they are called now. */
  readonly renamed?: readonly (readonly [before: RegExp, now: string])[];
  /** Tensors without a use beside those of other heads: buffers that older files have. */
  readonly spare?: RegExp;
  /** By the class that `architectures` of a configuration names. */
  readonly classes: Readonly<Record<string, Build>>;
}
