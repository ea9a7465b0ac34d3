import { HeedError, show, suggestion } from '@heed/core';
import type { MechanismDefinition } from './definition.js';
import type { FittedOptions } from './fit.js';
import { additiveDefinition } from './mechanisms/additive.js';
import { concatDefinition } from './mechanisms/concat.js';
import { cosineDefinition } from './mechanisms/cosine.js';
import { coverageDefinition } from './mechanisms/coverage.js';
import { differentialDefinition } from './mechanisms/differential.js';
import { coverageGruDefinition } from './mechanisms/coverage-gru.js';
import { coverageLinguisticDefinition } from './mechanisms/coverage-linguistic.js';
import { dotDefinition } from './mechanisms/dot.js';
import { gatedDeltaDefinition } from './mechanisms/gated-delta.js';
import { generalDefinition } from './mechanisms/general.js';
import { latentDefinition } from './mechanisms/latent.js';
import { linearDefinition } from './mechanisms/linear.js';
import { multiHeadDefinition } from './mechanisms/multi-head.js';
import { multiTokenDefinition } from './mechanisms/multi-token.js';
import { forwardDefinition } from './mechanisms/forward.js';
import { gmmDefinition } from './mechanisms/gmm.js';
import { localMDefinition } from './mechanisms/local-m.js';
import { localPDefinition } from './mechanisms/local-p.js';
import { locationSensitiveDefinition } from './mechanisms/location-sensitive.js';
import { mochaDefinition } from './mechanisms/mocha.js';
import { monotonicDefinition } from './mechanisms/monotonic.js';
import { retentionDefinition } from './mechanisms/retention.js';
import { stepwiseMonotonicDefinition } from './mechanisms/stepwise-monotonic.js';
import { scaledDotProductDefinition } from './mechanisms/scaled-dot-product.js';
import { twoSimplicialDefinition } from './mechanisms/two-simplicial.js';
import { visualSentinelDefinition } from './mechanisms/visual-sentinel.js';

/** Every mechanism of this package. What is a list of mechanisms anywhere is made of this one. */
export const MECHANISMS = [
  additiveDefinition,
  concatDefinition,
  cosineDefinition,
  coverageDefinition,
  differentialDefinition,
  dotDefinition,
  generalDefinition,
  latentDefinition,
  multiHeadDefinition,
  multiTokenDefinition,
  scaledDotProductDefinition,
  twoSimplicialDefinition,
  forwardDefinition,
  gmmDefinition,
  localMDefinition,
  localPDefinition,
  locationSensitiveDefinition,
  mochaDefinition,
  monotonicDefinition,
  stepwiseMonotonicDefinition,
  coverageGruDefinition,
  coverageLinguisticDefinition,
  visualSentinelDefinition,
  linearDefinition,
  retentionDefinition,
  gatedDeltaDefinition,
] as const satisfies readonly MechanismDefinition[];

type BuiltIn = (typeof MECHANISMS)[number];

export type MechanismKind = BuiltIn['kind'];

/** Everything that a mechanism is but its parameters: plain JSON. */
export type MechanismConfig = ConfigOf<BuiltIn>;

type ConfigOf<D> = D extends MechanismDefinition<infer Config> ? Config : never;

/** A mechanism by kind and options, without what the model that it is part of works out by itself. */
export type MechanismChoice = ChoiceOf<BuiltIn>;

type ChoiceOf<D> =
  D extends MechanismDefinition<infer Config, infer Options>
    ? { readonly kind: Config['kind'] } & Omit<Options, FittedOptions>
    : never;

/** The kinds that `createMechanism` knows. */
export const MECHANISM_KINDS: readonly MechanismKind[] = MECHANISMS.map(({ kind }) => kind);

export interface MechanismOptions {
  /** The mechanisms that there are to choose from; those of this package by default. */
  readonly mechanisms?: readonly MechanismDefinition[];
}

/** The definition of a kind; undefined when there is none. */
export const findDefinition = (
  kind: string,
  mechanisms: readonly MechanismDefinition[] = MECHANISMS,
): MechanismDefinition | undefined => mechanisms.find((one) => one.kind === kind);

/**
 * The definition that a configuration names by its kind. Of two with one name the first counts.
 *
 * @param what begins messages
 * @throws HeedError CONFIG_INVALID for what is no configuration, UNKNOWN_NAME
 */
export function definitionOf(
  what: string,
  config: unknown,
  mechanisms: readonly MechanismDefinition[] = MECHANISMS,
): MechanismDefinition {
  const kinds = mechanisms.map(({ kind }) => kind);
  if (typeof config !== 'object' || config === null || Array.isArray(config) || !('kind' in config)) {
    throw new HeedError('CONFIG_INVALID', {
      message: `${what}: the configuration is not an object with a kind`,
      hint: `kinds are ${kinds.join(', ')}`,
    });
  }
  const found = findDefinition(config.kind as string, mechanisms);
  if (found !== undefined) return found;
  throw new HeedError('UNKNOWN_NAME', {
    message: `${what}: the kind is ${show(config.kind)}`,
    hint: suggestion(String(config.kind), kinds, 'kinds are'),
  });
}
