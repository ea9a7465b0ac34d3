import { HeedError } from '@heed/base';
import type { RotaryConfig } from '@heed/attention';
import type { Config } from '../config.js';

/**
 * How positions turn, by a configuration of transformers 5 (`rope_parameters`, which may be one for each type of layers) or of version 4
 * (`rope_theta`, `rope_scaling`).
 *
 * @param layerType 'full_attention' or 'sliding_attention'
 * @throws HeedError CONFIG_INVALID, UNKNOWN_NAME
 */
export function ropeOf(config: Config, layerType = 'full_attention', theta = 10000): Omit<RotaryConfig, 'layout'> {
  const given = config.has('rope_parameters') ? config.section('rope_parameters') : undefined;
  const parameters = given?.has(layerType) === true ? given.section(layerType) : given;
  const scaling = parameters ?? (config.has('rope_scaling') ? config.section('rope_scaling') : undefined);
  const base = (parameters?.has('rope_theta') === true ? parameters : config).positive('rope_theta', theta);
  return { base, ...(scaling !== undefined && scalingOf(scaling, config)) };
}

function scalingOf(scaling: Config, config: Config): Pick<RotaryConfig, 'scaling'> {
  // Older files call it `type`.
  const kind = scaling.text(scaling.has('rope_type') ? 'rope_type' : 'type', 'default');
  if (kind === 'default') return {};
  const make = Object.hasOwn(SCALINGS, kind) ? SCALINGS[kind] : undefined;
  if (make !== undefined) return { scaling: make(scaling, config) };
  throw new HeedError('UNKNOWN_NAME', {
    message: `${scaling.what}: there is no scaling of rotary positions called ${JSON.stringify(kind)}`,
    hint: `the known ones are default, ${Object.keys(SCALINGS).join(', ')}`,
  });
}

const SCALINGS: Readonly<Record<string, (scaling: Config, config: Config) => RotaryConfig['scaling']>> = {
  linear: (scaling) => ({ kind: 'linear', factor: scaling.positive('factor') }),
  dynamic: (scaling, config) => ({
    kind: 'dynamic',
    factor: scaling.positive('factor'),
    maxPositions: config.size('max_position_embeddings'),
  }),
  llama3: (scaling) => ({
    kind: 'llama3',
    factor: scaling.positive('factor'),
    originalMaxPositions: scaling.size('original_max_position_embeddings'),
    lowFreqFactor: scaling.number('low_freq_factor'),
    highFreqFactor: scaling.number('high_freq_factor'),
  }),
  yarn: (scaling, config) => {
    const originalMaxPositions = scaling.size(
      'original_max_position_embeddings',
      config.size('max_position_embeddings'),
    );
    const option = <Key extends string>(key: Key, name: string): { readonly [K in Key]?: number } =>
      scaling.has(name) ? ({ [key]: scaling.number(name) } as { readonly [K in Key]: number }) : {};
    return {
      kind: 'yarn',
      factor: scaling.positive('factor', config.size('max_position_embeddings') / originalMaxPositions),
      originalMaxPositions,
      truncate: scaling.flag('truncate', true),
      ...option('betaFast', 'beta_fast'),
      ...option('betaSlow', 'beta_slow'),
      ...option('attentionFactor', 'attention_factor'),
      ...option('mscale', 'mscale'),
      ...option('mscaleAllDim', 'mscale_all_dim'),
    };
  },
};
