import { loadKeras, type KerasModel, type KerasSource } from '@heed/keras';
import type { Host } from '../host.js';
import { ofFile } from '../io/of-file.js';
import { UsageError } from '../usage-error.js';

/** Most bytes of a file: the weights of half a billion parameters. */
export const LARGEST = 2 ** 31;

/** Where a model is, and where its weights are when they are apart. */
interface Place {
  readonly weights?: string;
}

/** Extensions of files that hold a model, the best first. */
const WHOLE = ['.keras', '.h5', '.hdf5'] as const;

/**
 * Opens a model by the path of its file, or of a folder that holds one.
 *
 * @throws HeedError FILE_ACCESS, FILE_INVALID, FILE_TOO_LARGE, UNKNOWN_NAME, each with the path
 */
export async function openModel(host: Host, path: string, { weights }: Place): Promise<KerasModel> {
  const files = await host.filesIn(path);
  const file = files === undefined ? path : inside(path, modelIn(path, files));
  const source = await sourceOf(host, file, weights ?? weightsBeside(file, files));
  return loadFrom(host, file, source);
}

/** The path of a file in a folder. */
export const inside = (folder: string, name: string): string =>
  folder.endsWith('/') ? `${folder}${name}` : `${folder}/${name}`;

/** A model from bytes that are read, with the path in what goes wrong. */
export const loadFrom = (host: Host, path: string, source: KerasSource): Promise<KerasModel> =>
  ofFile(path, () => loadKeras(source, { layers: host.brought.layers, maxBytes: LARGEST }), inConfig);

/** A command has no options of a function, but a configuration file. */
const inConfig = (hint: string): string =>
  hint.replace(
    /, and give it: loadKeras\(file, \{ layers: \{ .*?: (\w+) \} \}\)/,
    ', and bring it by a heed.config.ts: layers: [$1], on a backend that needs no browser',
  );

/** The file of a folder that has the model: a whole one, or the JSON. */
function modelIn(folder: string, files: readonly string[]): string {
  const found =
    WHOLE.flatMap((ending) => files.filter((name) => name.endsWith(ending) && !isWeights(name)))[0] ??
    files.find((name) => name === 'model.json');
  if (found === undefined)
    throw new UsageError(`${folder} has no model`, 'it would end in .keras or .h5, or be called model.json');
  return found;
}

export const isWeights = (name: string): boolean => name.endsWith('.weights.h5');

function weightsBeside(file: string, files: readonly string[] | undefined): string | undefined {
  const name = files?.find(isWeights);
  return name !== undefined && file.endsWith('.json')
    ? `${file.slice(0, file.lastIndexOf('/') + 1)}${name}`
    : undefined;
}

/** The files of a model by their names: its own, its weights', or the shards that its JSON names. */
async function sourceOf(host: Host, file: string, weights: string | undefined): Promise<KerasSource> {
  const bytes = await host.readFile(file, LARGEST);
  if (!file.endsWith('.json')) {
    if (weights !== undefined)
      throw new UsageError('--weights is for a model that is JSON alone', `${file} has its own`);
    return bytes;
  }
  if (weights !== undefined) return { 'model.json': bytes, 'model.weights.h5': await host.readFile(weights, LARGEST) };
  const source: Record<string, Uint8Array> = { 'model.json': bytes };
  const folder = file.slice(0, file.lastIndexOf('/') + 1);
  for (const path of shardsOf(bytes)) source[path] = await host.readFile(`${folder}${path}`, LARGEST);
  return source;
}

/** Names of shards beside a `model.json`; a path that leads elsewhere is not read. */
function shardsOf(bytes: Uint8Array): string[] {
  let manifest: unknown;
  try {
    manifest = (JSON.parse(new TextDecoder().decode(bytes)) as { weightsManifest?: unknown } | null)?.weightsManifest;
  } catch {
    return []; // the reader of models says what is wrong
  }
  const paths = Array.isArray(manifest)
    ? manifest.flatMap((group: { paths?: unknown } | null) => group?.paths ?? [])
    : [];
  return paths.filter(
    (path): path is string => typeof path === 'string' && /^[\w.-]+$/.test(path) && !path.startsWith('.'),
  );
}
