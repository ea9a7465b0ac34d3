import { HeedError, show } from '@heed/base';
import { Config } from '../config.js';
import { isObject, openFile, readJson, type PretrainedFiles } from '../files/pretrained-files.js';
import { POOLINGS, type Pooling } from './pool.js';

const MODULES = 'modules.json';

// The list names a handful of modules.
const LARGEST = 2 ** 16;

/** How a folder of sentence-transformers makes embeddings. */
export interface EmbeddingSettings {
  readonly pooling: readonly Pooling[];
  readonly normalize: boolean;
  /** Kinds of modules that are not done here. */
  readonly others: readonly string[];
}

interface Module {
  /** `Pooling` of `sentence_transformers.models.Pooling`. */
  readonly kind: string;
  readonly path: string;
}

/** Names of files in folders within a folder that its `modules.json` asks for; none without it. */
export async function moduleFiles(files: PretrainedFiles): Promise<readonly string[]> {
  return (await modulesOf(files)).filter(({ kind }) => kind === 'Pooling').map(fileOf);
}

const fileOf = ({ path }: Module): string => `${path}/config.json`;

/**
 * How a folder makes embeddings, by its `modules.json` and `1_Pooling/config.json`; undefined without them.
 *
 * @throws HeedError FILE_INVALID, FILE_ACCESS, UNKNOWN_NAME, CONFIG_INVALID
 */
export async function readModules(files: PretrainedFiles): Promise<EmbeddingSettings | undefined> {
  const modules = await modulesOf(files);
  if (modules.length === 0) return undefined;
  const poolings = modules.filter(({ kind }) => kind === 'Pooling');
  const pooling: Pooling[] = [];
  for (const module of poolings) pooling.push(...(await poolingOf(files, fileOf(module))));
  return {
    pooling,
    normalize: modules.some(({ kind }) => kind === 'Normalize'),
    others: modules.map(({ kind }) => kind).filter((kind) => !['Transformer', 'Pooling', 'Normalize'].includes(kind)),
  };
}

async function modulesOf(files: PretrainedFiles): Promise<readonly Module[]> {
  const file = openFile(files, MODULES);
  if (file === undefined) return [];
  let list: unknown;
  try {
    list = file.size > LARGEST ? undefined : JSON.parse(new TextDecoder().decode(await file.read(0, file.size)));
  } catch (cause) {
    throw new HeedError('FILE_INVALID', { message: `${MODULES} is not JSON`, cause });
  }
  if (!Array.isArray(list)) throw new HeedError('FILE_INVALID', { message: `${MODULES} is no list of modules` });
  return list.map((item: unknown) => {
    const { type, path } = isObject(item) ? item : {};
    // No path may lead out of the folder.
    if (typeof type === 'string' && typeof path === 'string' && /^(\w[\w-]*)?$/.test(path)) {
      return { kind: type.split('.').at(-1)!, path };
    }
    throw new HeedError('FILE_INVALID', { message: `${MODULES} has ${show(item)}`, hint: 'a type and a path each' });
  });
}

async function poolingOf(files: PretrainedFiles, name: string): Promise<readonly Pooling[]> {
  const json = await readJson(files, name);
  if (json === undefined) {
    throw new HeedError('FILE_ACCESS', { message: `there is no ${name}, which ${MODULES} asks for` });
  }
  const config = new Config(json, name);
  const asked = config.has('pooling_mode')
    ? [config.json.pooling_mode].flat()
    : Object.keys(json).flatMap((key) => {
        const mode = /^pooling_mode_(\w+?)$/.exec(key)?.[1];
        return mode !== undefined && config.flag(key) ? [ALIASES.get(mode) ?? mode] : [];
      });
  const unknown = asked.find((mode) => !(POOLINGS as readonly unknown[]).includes(mode));
  if (asked.length > 0 && unknown === undefined) return asked as readonly Pooling[];
  throw new HeedError('UNKNOWN_NAME', {
    message: `${name}: there is no pooling ${show(unknown)}`,
    hint: `the known ones are ${POOLINGS.join(', ')}`,
  });
}

/** What fields call ways of pooling that have other names. */
const ALIASES: ReadonlyMap<string, Pooling> = new Map([
  ['cls_token', 'cls'],
  ['mean_tokens', 'mean'],
  ['max_tokens', 'max'],
  ['weightedmean_tokens', 'weightedmean'],
]);
