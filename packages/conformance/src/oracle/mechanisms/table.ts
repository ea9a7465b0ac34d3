import type { MechanismKind } from '@heed/attention';
import { coverage, coverageGru, coverageLinguistic } from './coverage.js';
import type { ConfigOf, Formula } from './formula.js';
import { forward } from './forward.js';
import { gmm } from './gmm.js';
import { gatedDelta, linear, retention } from './linear.js';
import { locationSensitive } from './location-sensitive.js';
import { localM, localP } from './luong-local.js';
import { mocha, monotonic, stepwiseMonotonic } from './monotonic.js';
import { multiHead } from './multi-head.js';
import { additive, concat, cosine, dot, general, scaledDotProduct } from './scored.js';
import { visualSentinel } from './visual-sentinel.js';
import { differential, latent, multiToken, twoSimplicial } from './with-heads.js';

/** Formulas of mechanisms by their kinds. A kind without one fails a test, which says what the suite needs of it. */
export const FORMULAS: { readonly [Kind in MechanismKind]?: Formula<ConfigOf<Kind>> } = {
  additive,
  concat,
  cosine,
  coverage,
  differential,
  dot,
  general,
  latent,
  multiHead,
  multiToken,
  scaledDotProduct,
  twoSimplicial,
  forward,
  gmm,
  localM,
  localP,
  locationSensitive,
  mocha,
  monotonic,
  stepwiseMonotonic,
  coverageGru,
  coverageLinguistic,
  visualSentinel,
  linear,
  retention,
  gatedDelta,
};
