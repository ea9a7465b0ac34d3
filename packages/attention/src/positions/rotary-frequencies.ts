import { checkOptions, type OptionNames } from '@heed/core';
import * as v from 'valibot';
import { count, parseArguments } from '../fields.js';
import { DEFAULT_BASE, frequencies } from './frequencies.js';
import { evenWidth, rotaryConfig, type RotaryConfig } from './rotary-config.js';
import { HIGH_FREQ_FACTOR, LOW_FREQ_FACTOR, type Llama3Scaling, type YarnScaling } from './rotary-scaling.js';

/** How far the pairs of features turn from one position to the next. */
export interface RotaryFrequencies {
  /** θ_i of pair i, [W/2], radians a position. In float64, as positions multiply its error. */
  readonly inverseFrequency: Float64Array;
  /** Factor of the cosines and sines: 1 but for YaRN. */
  readonly attentionFactor: number;
}

export interface RotaryFrequencyOptions extends Pick<RotaryConfig, 'base' | 'scaling'> {
  /** W, the number of features that turn; even. */
  readonly width: number;
  /** Number of positions of the longest text of the batch, by which 'dynamic' scaling goes; 0 by default. */
  readonly length?: number;
}

const OPTIONS: OptionNames<RotaryFrequencyOptions> = { width: true, base: true, scaling: true, length: true };

/**
 * The frequencies by which `rotary` turns, rescaled where a scaling is given.
 *
 * @throws HeedError INVALID_ARGUMENT, UNKNOWN_OPTION
 */
export function rotaryFrequencies(options: RotaryFrequencyOptions): RotaryFrequencies {
  checkOptions('rotaryFrequencies', options, OPTIONS);
  const { width, length = 0, ...config } = options;
  parseArguments('rotaryFrequencies', SIZES, { width, length });
  return scaledFrequencies(width, parseArguments('rotaryFrequencies', rotaryConfig, config), length);
}

const SIZES = v.strictObject({ width: evenWidth, length: count });

/** The same for options that were checked. */
export function scaledFrequencies(
  width: number,
  { base = DEFAULT_BASE, scaling }: Pick<RotaryConfig, 'base' | 'scaling'>,
  length: number,
): RotaryFrequencies {
  const plain = (inverseFrequency: Float64Array): RotaryFrequencies => ({ inverseFrequency, attentionFactor: 1 });
  const withBaseTimes = (factor: number): RotaryFrequencies =>
    plain(frequencies(width, base * factor ** (width / (width - 2))));
  const theta = frequencies(width, base);
  switch (scaling?.kind) {
    case undefined:
      return plain(theta);
    case 'linear':
      return plain(theta.map((frequency) => frequency / scaling.factor));
    case 'ntk':
      return withBaseTimes(scaling.factor);
    case 'dynamic': {
      const { factor, maxPositions } = scaling;
      return withBaseTimes((factor * Math.max(maxPositions, length)) / maxPositions - (factor - 1));
    }
    case 'yarn':
      return { inverseFrequency: yarn(theta, base, scaling), attentionFactor: attentionFactorOf(scaling) };
    case 'llama3':
      return plain(theta.map((frequency) => llama3(frequency, scaling)));
  }
}

function yarn(theta: Float64Array, base: number, scaling: YarnScaling): Float64Array {
  const { factor, originalMaxPositions, betaFast = 32, betaSlow = 1, truncate = true } = scaling;
  const width = 2 * theta.length;
  /** The pair, as a real number, that makes so many turns within the original positions. */
  const pairOf = (turns: number): number =>
    (width * Math.log(originalMaxPositions / (2 * Math.PI * turns))) / (2 * Math.log(base));
  const [first, last] = [pairOf(betaFast), pairOf(betaSlow)];
  const low = Math.max(truncate ? Math.floor(first) : first, 0);
  const high = Math.min(truncate ? Math.ceil(last) : last, width - 1);
  // Where both ends are one, the step between them still needs a width.
  const span = low === high ? 0.001 : high - low;
  return theta.map((frequency, n) => {
    const slow = Math.min(Math.max((n - low) / span, 0), 1);
    return (frequency / factor) * slow + frequency * (1 - slow);
  });
}

function attentionFactorOf({ factor, attentionFactor, mscale, mscaleAllDim }: YarnScaling): number {
  if (attentionFactor !== undefined) return attentionFactor;
  const sharpness = (scale: number): number => (factor <= 1 ? 1 : 0.1 * scale * Math.log(factor) + 1);
  return mscale !== undefined && mscaleAllDim !== undefined
    ? sharpness(mscale) / sharpness(mscaleAllDim)
    : sharpness(1);
}

function llama3(frequency: number, scaling: Llama3Scaling): number {
  const { factor, originalMaxPositions, lowFreqFactor = LOW_FREQ_FACTOR, highFreqFactor = HIGH_FREQ_FACTOR } = scaling;
  /** Turns within the original positions. */
  const turns = (originalMaxPositions * frequency) / (2 * Math.PI);
  const fast = Math.min(Math.max((turns - lowFreqFactor) / (highFreqFactor - lowFreqFactor), 0), 1);
  return ((1 - fast) * frequency) / factor + fast * frequency;
}
