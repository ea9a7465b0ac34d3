import { HeedError } from '@heed/base';
import { io } from '@tensorflow/tfjs-core';
import { Hdf5File, type StoredWeight } from './hdf5-file.js';
import { guarded, invalid } from './invalid.js';
import { isObject, listOf, objectOf, readJson, textOf, type Json } from './read-json.js';
import { readZip } from './read-zip.js';
import { weightStoreOf, type WeightStore } from './weight-store.js';

/** A model in one file or in several, by their names: `model.json` with `model.weights.h5` or with the shards that it names. */
export type KerasSource = Uint8Array | ArrayBuffer | Readonly<Record<string, Uint8Array>>;

/** What files say of a model. */
export interface ReadModel {
  /** Configuration of the model. */
  readonly topology: Json;
  /** Absent for a configuration without weights. */
  readonly weights?: WeightStore;
}

/** The most that a file, and what is unpacked of it, may have by default. */
export const MOST_BYTES = 2 ** 31;

/**
 * Reads `.keras`, `.h5`, or a `model.json` with what belongs to it.
 *
 * @throws HeedError FILE_INVALID, FILE_TOO_LARGE
 */
export function readModel(source: KerasSource, maxBytes: number = MOST_BYTES): ReadModel {
  if (source instanceof ArrayBuffer) return readFile(new Uint8Array(source), maxBytes);
  if (source instanceof Uint8Array) return readFile(source, maxBytes);
  const names = Object.keys(source);
  if (names.length === 1 && kindOf(source[names[0]!]!) !== 'json') return readFile(source[names[0]!]!, maxBytes);
  const whole = names.find((name) => kindOf(source[name]!) === 'zip');
  if (whole !== undefined) return readFile(source[whole]!, maxBytes);
  const json = names.filter((name) => kindOf(source[name]!) === 'json');
  if (json.length !== 1)
    throw invalid(
      `among the files ${names.join(', ')} there is ${json.length === 0 ? 'no' : 'more than one'} JSON with a model`,
    );
  const topology = readJson(json[0]!, source[json[0]!]!);
  const hdf5 = names.filter((name) => kindOf(source[name]!) === 'hdf5');
  if (Array.isArray(topology['weightsManifest'])) return readShards(topology, source, maxBytes);
  if (hdf5.length > 1) throw invalid(`more than one file has weights: ${hdf5.join(', ')}`);
  return { topology, ...(hdf5.length === 1 && { weights: weightStoreOf(openHdf5(source[hdf5[0]!]!, maxBytes)) }) };
}

type Kind = 'zip' | 'hdf5' | 'json' | 'unknown';

const HDF5 = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a];

/** What a file is, by how it begins. */
function kindOf(bytes: Uint8Array): Kind {
  if (bytes[0] === 0x50 && bytes[1] === 0x4b) return 'zip';
  if (HDF5.every((byte, n) => bytes[n] === byte)) return 'hdf5';
  const start = String.fromCharCode(...bytes.subarray(0, 64)).trimStart();
  return start.startsWith('{') ? 'json' : 'unknown';
}

function readFile(bytes: Uint8Array, maxBytes: number): ReadModel {
  if (bytes.byteLength > maxBytes)
    throw new HeedError('FILE_TOO_LARGE', {
      message: `the file has ${bytes.byteLength} bytes, and ${maxBytes} are allowed`,
      hint: 'give a larger maxBytes when you trust it',
    });
  if (bytes.byteLength === 0) throw invalid('the file is empty');
  const kind = kindOf(bytes);
  if (kind === 'zip') {
    const entries = readZip(bytes, maxBytes);
    const config = entries['config.json'];
    if (config === undefined)
      throw invalid('the zip archive has no config.json', 'a `.keras` file is what `model.save` of Keras 3 writes');
    const weights = entries['model.weights.h5'];
    return {
      topology: readJson('config.json', config),
      ...(weights !== undefined && { weights: weightStoreOf(openHdf5(weights, maxBytes)) }),
    };
  }
  if (kind === 'hdf5') {
    const file = openHdf5(bytes, maxBytes);
    const config = file.attribute('', 'model_config');
    if (config === undefined)
      throw invalid(
        'the HDF5 file has weights alone',
        'give the model’s JSON too: loadKeras({ "model.json": …, "model.weights.h5": … })',
      );
    return { topology: readJson('model_config', textOf('model_config', config)), weights: weightStoreOf(file) };
  }
  if (kind === 'json') return { topology: readJson('the file', bytes) };
  throw invalid(
    'the file is neither a zip archive nor HDF5 nor JSON',
    'Keras writes .keras, .h5 and .weights.h5; the converter of TensorFlow.js model.json',
  );
}

function openHdf5(bytes: Uint8Array, maxBytes: number): Hdf5File {
  return new Hdf5File(bytes, maxBytes);
}

/** A `model.json` of TensorFlow.js with its shards. */
function readShards(model: Json, files: Readonly<Record<string, Uint8Array>>, maxBytes: number): ReadModel {
  const topology = model['modelTopology'];
  if (!isObject(topology))
    throw invalid(
      'model.json has no modelTopology',
      'a graph model has none of Keras’s layers; convert with --output_format=tfjs_layers_model',
    );
  const weights = new Map<string, StoredWeight>();
  for (const [n, given] of listOf('weightsManifest', model['weightsManifest']).entries()) {
    const group = objectOf(`weightsManifest[${n}]`, given);
    const parts = listOf('paths', group['paths']).map((path) => {
      const bytes = files[textOf('a path of the manifest', path)];
      if (bytes === undefined)
        throw invalid(
          `the shard ${JSON.stringify(path)} is missing`,
          `give it beside model.json; there are ${Object.keys(files).join(', ')}`,
        );
      return bytes;
    });
    const specs = listOf('weights', group['weights']) as unknown as io.WeightsManifestEntry[];
    const bytes = joined(parts, maxBytes);
    const tensors = guarded(`weightsManifest[${n}]`, () => io.decodeWeights(bytes.buffer as ArrayBuffer, specs));
    for (const [name, tensor] of Object.entries(tensors)) {
      weights.set(name, { shape: tensor.shape, values: Float32Array.from(tensor.dataSync()) });
      tensor.dispose();
    }
  }
  return { topology, weights: { layout: 'named', weights } };
}

function joined(parts: readonly Uint8Array[], maxBytes: number): Uint8Array {
  const size = parts.reduce((sum, { byteLength }) => sum + byteLength, 0);
  if (size > maxBytes)
    throw new HeedError('FILE_TOO_LARGE', { message: `the shards have ${size} bytes, and ${maxBytes} are allowed` });
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.byteLength;
  }
  return bytes;
}
