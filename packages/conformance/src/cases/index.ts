import type { Case } from '../case.js';
import { additive } from './additive.js';
import { dispose, manifest } from './backend.js';
import { bias } from './bias.js';
import { determinism, leaks, ownership } from './conduct.js';
import { differences } from './differences.js';
import { dropout } from './dropout.js';
import { empty } from './empty.js';
import { errors } from './errors.js';
import { extremes } from './extremes.js';
import { fewQueries } from './few-queries.js';
import { heads } from './heads.js';
import { hooks } from './hooks.js';
import { largeLogits } from './large-logits.js';
import { linear } from './linear.js';
import { masks } from './masks.js';
import { matmul } from './matmul.js';
import { mechanisms } from './mechanisms.js';
import { model } from './model.js';
import { nonFinite } from './non-finite.js';
import { normalizers } from './normalizers.js';
import { outputs } from './outputs.js';
import { scale } from './scale.js';
import { shapes } from './shapes.js';

/** Every case of the suite, in the order in which they run. */
export const CASES: readonly Case[] = [
  ...manifest,
  ...shapes,
  ...empty,
  ...scale,
  ...masks,
  ...nonFinite,
  ...largeLogits,
  ...extremes,
  ...heads,
  ...fewQueries,
  ...bias,
  ...hooks,
  ...dropout,
  ...outputs,
  ...additive,
  ...normalizers,
  ...linear,
  ...differences,
  ...matmul,
  ...model,
  ...errors,
  ...leaks,
  ...ownership,
  ...determinism,
  ...dispose,
  ...mechanisms,
];
