import { HeedError } from '@heed/base';
import {
  isPickleName,
  openSafetensors,
  PICKLE_HINT,
  type DType,
  type NumericArray,
  type SafetensorsFile,
} from '@heed/formats';
import { isObject, openFile, readJson, type PretrainedFiles } from './pretrained-files.js';

/** A tensor of a folder that was not read yet. */
export interface StoredTensor {
  /** Its name in the file. */
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: DType;
  read(): Promise<NumericArray>;
}

export type StoredTensors = ReadonlyMap<string, StoredTensor>;

const SINGLE = 'model.safetensors';
const INDEX = 'model.safetensors.index.json';

/**
 * The tensors of a folder by the names that its files give them, from `model.safetensors` or from shards with an index. Only headers are
 * read.
 *
 * @throws HeedError FILE_ACCESS without weights, or with pickled ones alone; FILE_INVALID, FILE_TOO_LARGE, DTYPE_UNSUPPORTED
 */
export async function openWeights(files: PretrainedFiles): Promise<StoredTensors> {
  const index = await readJson(files, INDEX);
  if (index === undefined || Object.hasOwn(files, SINGLE)) return openShard(files, SINGLE);
  const map = index.weight_map;
  if (!isObject(map) || !Object.values(map).every((shard) => typeof shard === 'string')) {
    throw new HeedError('FILE_INVALID', { message: `${INDEX} has no weight_map of names to files` });
  }
  const shards = new Map<string, StoredTensors>();
  for (const shard of new Set(Object.values(map) as string[])) {
    shards.set(shard, await openShard(files, shard));
  }
  return new Map(
    Object.entries(map as Record<string, string>).map(([name, shard]) => {
      const tensor = shards.get(shard)!.get(name);
      if (tensor !== undefined) return [name, tensor];
      throw new HeedError('FILE_INVALID', {
        message: `${INDEX} says that ${shard} has ${name}, which it has not`,
        hint: 'files of two models are mixed, or one was not downloaded whole',
        details: { name, shard },
      });
    }),
  );
}

/**
 * The tensors of one file.
 *
 * @throws HeedError as `openWeights`
 */
export async function openShard(files: PretrainedFiles, name: string): Promise<StoredTensors> {
  const file = openFile(files, name);
  if (file !== undefined) return tensorsOf(await openSafetensors(file));
  const pickled = Object.keys(files).filter(isPickleName);
  throw new HeedError('FILE_ACCESS', {
    message: `there is no ${name}${pickled.length > 0 ? `, but ${pickled.join(', ')}, which is Python's pickle` : ''}`,
    hint: pickled.length > 0 ? PICKLE_HINT : `a folder has ${SINGLE}, or shards with ${INDEX}`,
    details: { name, pickled },
  });
}

const tensorsOf = (file: SafetensorsFile): StoredTensors =>
  new Map(
    [...file.entries].map(([name, { shape, dtype }]) => [name, { name, shape, dtype, read: () => file.read(name) }]),
  );
