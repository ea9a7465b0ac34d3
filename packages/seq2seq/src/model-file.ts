import { HeedError } from '@heed/core';
import { decodeSafetensors, encodeSafetensors, type Safetensors, type Tensors } from '@heed/formats';
import type { Arrays } from './adam.js';
import { modelSchema, parseConfig, type Seq2SeqConfig } from './config.js';
import type { ParameterTable } from './parameters.js';
import { createSeq2Seq, type Seq2Seq } from './seq2seq.js';

/** Marks the files and says how to read them; in the metadata of every safetensors file that is written here. */
const FORMAT = 'heed-seq2seq/1';

export interface ReadOptions {
  /** Refuse files that are longer, with FILE_TOO_LARGE. Default 2 GiB. */
  readonly maxBytes?: number;
}

/**
 * A model as a safetensors file: its parameters by key, its configuration in the metadata. The same parameters and
 * configuration give the same bytes.
 */
export function encodeModel(model: Seq2Seq): Uint8Array {
  const values = Object.entries(model.parameters).map(
    ([key, variable]) => [key, variable.dataSync<'float32'>()] as const,
  );
  return encodeParameters(model, Object.fromEntries(values));
}

/** The same, with other values for the model's parameters. */
export function encodeParameters(model: Pick<Seq2Seq, 'parameters' | 'config'>, values: Arrays): Uint8Array {
  return encodeSafetensors(withShapes(model, values), fileMetadata('model', model.config));
}

/**
 * Builds the model that `encodeModel` wrote. Nothing in the file is trusted: configuration, names, shapes and values are
 * checked before memory is taken for them.
 *
 * @throws HeedError FILE_INVALID (not safetensors), FILE_TOO_LARGE, CHECKPOINT_INVALID (not a model, or one of other
 *   parts), CONFIG_INVALID, SHAPE_MISMATCH, NOT_FINITE
 */
export function decodeModel(bytes: Uint8Array, options: ReadOptions = {}): Seq2Seq {
  const file = decodeSafetensors(bytes, options);
  return createSeq2Seq(configOf('model', file), float32Tensors('model', file));
}

export function fileMetadata(kind: 'model' | 'training', config: Seq2SeqConfig): Record<string, string> {
  return { format: FORMAT, kind, config: JSON.stringify(config) };
}

/** @throws HeedError CHECKPOINT_INVALID, CONFIG_INVALID */
export function configOf(kind: 'model' | 'training', { metadata }: Safetensors): Seq2SeqConfig {
  if (metadata['format'] !== FORMAT || metadata['kind'] !== kind) {
    const found = JSON.stringify([metadata['format'] ?? null, metadata['kind'] ?? null]).slice(0, 100);
    throw new HeedError('CHECKPOINT_INVALID', {
      message: `the file says that it is ${found}, not ["${FORMAT}","${kind}"]`,
      hint: 'it was written by another program or another version',
    });
  }
  return parseConfig('the file', modelSchema, parseMetadata('config', metadata)) as Seq2SeqConfig;
}

/** JSON in a file's metadata. */
export function parseMetadata(key: string, metadata: Safetensors['metadata']): unknown {
  try {
    return JSON.parse(metadata[key] ?? '');
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

/** Arrays as tensors of the model's shapes, under names with a prefix. */
export function withShapes({ parameters }: Pick<Seq2Seq, 'parameters'>, values: Arrays, prefix = ''): Tensors {
  return Object.fromEntries(
    Object.entries(parameters).map(([key, { shape }]) => [
      `${prefix}${key}`,
      { dtype: 'float32', shape, data: values[key]! } as const,
    ]),
  );
}
