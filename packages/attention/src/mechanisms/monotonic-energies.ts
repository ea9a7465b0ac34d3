import * as tf from '@tensorflow/tfjs-core';
import * as v from 'valibot';
import type { Parameters } from '../definition.js';
import { finite, seed, width } from '../fields.js';
import type { ParameterSpec } from '../parameters.js';
import type { Projection } from '../projection.js';
import { additiveScores } from '../scores.js';
import { onlyWhere } from '../weigh.js';
import { additiveParameters, compareAdditively } from './additive.js';

export interface MonotonicEnergyOptions {
  readonly queryWidth: number;
  readonly memoryWidth: number;
  /** U, the width in which query and memory are compared. */
  readonly units: number;
  /** Whether there is a b; true by default. */
  readonly bias?: boolean;
  /** What r is at first; 0 by default. Below 0, such as −1 or −4, where a memory is much longer than what is written from it. */
  readonly initialOffset?: number;
  /** Seed of the initial parameters. */
  readonly seed: number;
  /** Begins the variables' names; the kind by default. */
  readonly name?: string;
}

export const monotonicFields = {
  queryWidth: width,
  memoryWidth: width,
  units: width,
  bias: v.optional(v.boolean(), true),
  initialOffset: v.optional(finite, 0),
  seed,
};

/** Parameters of e = g·(v/‖v‖)ᵀ tanh(W₂ s + W₁ h + b) + r: those of normalised additive attention, and offset r []. */
export const monotonicParameters = (
  config: Omit<Required<MonotonicEnergyOptions>, 'name'>,
): Readonly<Record<string, ParameterSpec>> => ({
  ...additiveParameters({ ...config, normalized: true }),
  offset: { shape: [], initial: () => Float32Array.of(config.initialOffset) },
});

/** e, [N, T, Tk]. */
export function monotonicEnergies(query: tf.Tensor3D, memory: Projection, parameters: Parameters): tf.Tensor3D {
  const comparison = compareAdditively(query, memory, parameters);
  return tf.add(additiveScores(comparison.query, comparison.key, comparison.vector), parameters['offset']!);
}

/** p = σ(e) where allowed and 0 elsewhere, and 1 − p, which loses nothing where p is near 1. */
export function chances(
  energies: tf.Tensor3D,
  allowed: tf.Tensor3D,
): { readonly chosen: tf.Tensor3D; readonly passed: tf.Tensor3D } {
  return {
    chosen: onlyWhere(allowed, tf.sigmoid(energies)),
    passed: tf.where(allowed, tf.sigmoid(tf.neg(energies)), tf.onesLike(energies)),
  };
}

/** All of the weight on the first position, as one row [Tk]. */
export const atFirst = (keys: number): Float32Array => Float32Array.from({ length: keys }, (_, j) => (j === 0 ? 1 : 0));
