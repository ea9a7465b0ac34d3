import { HeedError, checkOptions, type OptionNames } from '@heed/core';
import { decodeSafetensors, encodeSafetensors, type Safetensors, type Tensors } from '@heed/formats';
import type { Arrays } from '../training/adam.js';
import {
  checkNetworks,
  findNetwork,
  parseNetworkConfig,
  type ConfigOf,
  type ModelOf,
  type NetworkOptions,
} from '../training/networks.js';
import type { ParameterTable } from '../layers/parameters.js';
import type { Network, Trainable } from '../training/trainable.js';
import { parseJson } from './json.js';

/** Marks the files and says how to read them; in the metadata of every safetensors file that is written here. */
const FORMAT = 'heed-seq2seq/1';

export interface ReadOptions {
  /** Refuse files that are longer, with FILE_TOO_LARGE. Default 2 GiB. */
  readonly maxBytes?: number;
}

/** The networks that may be read, and how large the file may be. */
export interface DecodeModelOptions<N extends Network = Network> extends ReadOptions, NetworkOptions<N> {}

const DECODE_OPTIONS: OptionNames<DecodeModelOptions> = { maxBytes: true, networks: true };

/**
 * A model as a safetensors file: its parameters by key, its configuration in the metadata. The same parameters and
 * configuration give the same bytes.
 *
 * On an engine that is read by promises (webgpu), wait for the parameters first:
 * `await Promise.all(Object.values(model.parameters).map((one) => one.data()))`.
 *
 * @throws HeedError SYNCHRONOUS_READ when the engine can't be read at once, and nobody has waited
 */
export function encodeModel(model: Trainable): Uint8Array {
  const values = Object.entries(model.parameters).map(
    ([key, variable]) => [key, variable.dataSync<'float32'>()] as const,
  );
  return encodeParameters(model, Object.fromEntries(values));
}

/** `encodeModel` with other values for the model's parameters. */
export function encodeParameters(model: Pick<Trainable, 'parameters' | 'config'>, values: Arrays): Uint8Array {
  return encodeSafetensors(withShapes(model, values), fileMetadata('model', model.config));
}

/**
 * Builds the model that `encodeModel` wrote. Nothing in the file is trusted: configuration, names, shapes and values are
 * checked before memory is taken for them.
 *
 * @throws HeedError FILE_INVALID (not safetensors), FILE_TOO_LARGE, CHECKPOINT_INVALID (not a model, or one of other
 *   parts), CONFIG_INVALID, SHAPE_MISMATCH, NOT_FINITE
 */
export function decodeModel<N extends Network>(bytes: Uint8Array, options: DecodeModelOptions<N>): ModelOf<N> {
  checkOptions<DecodeModelOptions>('decodeModel', options, DECODE_OPTIONS);
  checkNetworks('decodeModel', options.networks);
  return readModel(bytes, options)();
}

/**
 * The file of a model, read as `decodeModel` does but for the values, which are checked when they are taken. No tensors are made yet.
 *
 * @returns what builds the model, once, on the backend in use then
 */
export function readModel<N extends Network>(
  bytes: Uint8Array,
  { networks, ...limits }: DecodeModelOptions<N>,
): () => ModelOf<N> {
  // Values are copied once, when the model takes them.
  const file = decodeSafetensors(bytes, { ...limits, inPlace: true });
  const config = configOf('model', file, networks);
  const network = findNetwork(config, networks);
  const values = withPresentKeys(network, float32Tensors('model', file));
  return () => network.create(config, values) as ModelOf<N>;
}

export function fileMetadata(kind: 'model' | 'training', config: Trainable['config']): Record<string, string> {
  return { format: FORMAT, kind, config: JSON.stringify(config) };
}

/** @throws HeedError CHECKPOINT_INVALID, CONFIG_INVALID */
export function configOf<N extends Network>(
  kind: 'model' | 'training',
  { metadata }: Safetensors,
  networks: readonly N[],
): ConfigOf<N> {
  if (metadata['format'] !== FORMAT || metadata['kind'] !== kind) {
    const found = JSON.stringify([metadata['format'] ?? null, metadata['kind'] ?? null]).slice(0, 100);
    throw new HeedError('CHECKPOINT_INVALID', {
      message: `the file says that it is ${found}, not ["${FORMAT}","${kind}"]`,
      hint: 'it was written by another program or another version',
    });
  }
  return parseNetworkConfig(parseMetadata('config', metadata), networks);
}

/** JSON in a file's metadata. */
export function parseMetadata(key: string, metadata: Safetensors['metadata']): unknown {
  try {
    return parseJson(metadata[key] ?? '');
  } catch (cause) {
    throw new HeedError('CHECKPOINT_INVALID', { message: `the file's metadata '${key}' is not JSON`, cause });
  }
}

/** @throws HeedError CHECKPOINT_INVALID when a tensor isn't float32 */
export function float32Tensors(what: string, { tensors }: Safetensors): ParameterTable {
  for (const [key, { dtype }] of Object.entries(tensors)) {
    if (dtype !== 'float32') {
      throw new HeedError('CHECKPOINT_INVALID', {
        message: `${what}: tensor ${JSON.stringify(key.slice(0, 80))} is ${dtype}, not float32`,
      });
    }
  }
  return tensors as ParameterTable;
}

/** Values under the keys that the network's parameters have now. */
export const withPresentKeys = (
  { formerKeys = {} }: Pick<Network, 'formerKeys'>,
  table: ParameterTable,
): ParameterTable =>
  Object.fromEntries(
    Object.entries(table).map(([key, values]) => [Object.hasOwn(formerKeys, key) ? formerKeys[key] : key, values]),
  );

/** Arrays as tensors of the model's shapes, under names with a prefix. */
export function withShapes({ parameters }: Pick<Trainable, 'parameters'>, values: Arrays, prefix = ''): Tensors {
  return Object.fromEntries(
    Object.entries(parameters).map(([key, { shape }]) => [
      `${prefix}${key}`,
      { dtype: 'float32', shape, data: values[key] } as const,
    ]),
  );
}
