import { camel } from '../../graph/config-case.js';
import type { KerasLayer } from '../keras-layer.js';
import { AdditiveAttention } from './additive-attention.js';
import { Attention } from './attention.js';
import { GroupQueryAttention } from './group-query-attention.js';
import { MultiHeadAttention } from './multi-head-attention.js';

/** Attention layers of Keras by their class names, made from Keras's configuration: keys in snake case, objects as files have them. */
export const ATTENTION_LAYERS: Readonly<Record<string, (config: KerasConfig) => KerasLayer>> = {
  Attention: (config) => new Attention(fromKeras(config)),
  AdditiveAttention: (config) => new AdditiveAttention(fromKeras(config)),
  MultiHeadAttention: (config) => new MultiHeadAttention(fromKeras(config)),
  GroupQueryAttention: (config) => new GroupQueryAttention(fromKeras(config)),
};

/** A configuration as Keras writes it. */
export type KerasConfig = Readonly<Record<string, unknown>>;

/** Keys of Keras's base class that say nothing to a layer here. */
const LEFT_OUT: ReadonlySet<string> = new Set(['dtype', 'batch_input_shape', 'batch_shape']);

/** The arguments of a layer: keys in camel case, and objects such as initializers freed of the modules they came from. */
export function fromKeras<Args>(config: KerasConfig): Args {
  const entries = Object.entries(config).filter(([key]) => !LEFT_OUT.has(key));
  return Object.fromEntries(entries.map(([key, value]) => [camel(key), plain(value)])) as Args;
}

function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  if ('class_name' in value && 'config' in value) return { className: value.class_name, config: plain(value.config) };
  return fromKeras(value as KerasConfig);
}
