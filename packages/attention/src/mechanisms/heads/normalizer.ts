import * as tf from '@tensorflow/tfjs-core';
import { NORMALIZERS, entmax, type Normalizer, type NormalizerDefinition } from '@heed/core';
import type { Parameters } from '../../definition.js';
import type { ParameterSpec } from '../../parameters.js';
import { filled, zeros } from './layers.js';

/** Ways from scores to weights that have a gradient: core's, and entmax with any α. */
export type HeadNormalizer = Exclude<Normalizer, 'hard'> | 'entmax';

const isSmooth = (name: Normalizer): name is Exclude<Normalizer, 'hard'> => name !== 'hard';
export const HEAD_NORMALIZERS: readonly HeadNormalizer[] = [...NORMALIZERS.filter(isSmooth), 'entmax'];

export interface WeighingConfig {
  readonly heads: number;
  readonly normalizer?: HeadNormalizer | undefined;
  readonly alpha?: number | 'learned' | undefined;
  readonly sigmoidBias?: number | undefined;
}

/** −log of the number of keys in the paper, which a configuration doesn't know: for about 64 of them. */
const DEFAULT_SIGMOID_BIAS = -Math.log(64);

/** Parameters of the way from scores to weights. */
export function weighingSpecs({
  heads,
  normalizer,
  alpha,
  sigmoidBias,
}: WeighingConfig): Record<string, ParameterSpec> {
  if (normalizer === 'sigmoid') return { sigmoid_bias: filled([heads], sigmoidBias ?? DEFAULT_SIGMOID_BIAS) };
  return normalizer === 'entmax' && typeof alpha !== 'number' ? { alpha: zeros([heads]) } : {};
}

/** The normaliser for core; undefined for softmax, which the fused op has. */
export function headNormalizer(
  { normalizer = 'softmax', alpha }: WeighingConfig,
  parameters: Parameters,
): Normalizer | NormalizerDefinition | undefined {
  if (normalizer === 'softmax') return undefined;
  if (normalizer !== 'entmax') return normalizer;
  return entmax(typeof alpha === 'number' ? alpha : learnedAlpha(parameters));
}

/** α = 1 + σ(alpha), between softmax and sparsemax; Correia, Niculae & Martins 2019, arXiv:1909.00015, §3.2. */
export const learnedAlpha = ({ alpha }: Parameters): tf.Tensor => tf.add(1, tf.sigmoid(alpha!));
