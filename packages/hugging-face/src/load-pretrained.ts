import { checkFlag, checkOptions, HeedError, show, type OptionNames } from '@heed/base';
import { Config } from './config.js';
import { readModules } from './embedding/modules.js';
import { fetchFiles } from './files/fetch-files.js';
import { withUnpacked } from './files/mxfp4.js';
import { readJson, type Json, type PretrainedFiles } from './files/pretrained-files.js';
import { openWeights, type StoredTensor, type StoredTensors } from './files/stored-weights.js';
import type { Family } from './families/family.js';
import { findArchitecture } from './families/index.js';
import { PretrainedModel, type Design } from './model.js';
import { beginHead, changedConfig, isHead, nameInClass, type HeadOptions } from './new-head.js';
import { fillParameters, ParameterTree } from './parameters.js';
import { readProcessorConfig } from './processors/read-processor.js';
import { filesBeside } from './save.js';
import { readTokenizer } from './tokens/read-tokenizer.js';

export interface LoadPretrainedOptions extends HeadOptions {
  /** Whether the parameters are variables, which optimizers train; false by default. */
  readonly trainable?: boolean;
  /** Most bytes that the parameters may take as float32; 4 GiB by default. */
  readonly maxBytes?: number;
  /** Name of the configuration's file; `config.json` by default. */
  readonly config?: string;
  /** Families of models besides Heed's, by the classes that they name; see `@heed/hugging-face/families`. */
  readonly families?: readonly Family[];
}

const OPTIONS: OptionNames<LoadPretrainedOptions> = {
  trainable: true,
  maxBytes: true,
  config: true,
  families: true,
  architecture: true,
  labels: true,
  seed: true,
};

/** Most bytes of parameters, unless more are asked for: what WebAssembly's memory can have. */
export const MOST_BYTES = 2 ** 32;

/**
 * The model of a folder as Hugging Face's `save_pretrained` writes it: `config.json`, safetensors (whole or in shards; float32, float16 or
 * bfloat16, computed in float32), `tokenizer.json`. Names and shapes are checked before any tensor is read, and tensors are read one at a time.
 *
 * @param source the folder's files by their names; or the folder's address, from which alone anything is fetched
 * @throws HeedError FILE_ACCESS, FILE_INVALID, FILE_TOO_LARGE; CONFIG_INVALID, UNKNOWN_NAME (the architecture, an activation);
 * CHECKPOINT_INVALID (missing or unexpected tensors), SHAPE_MISMATCH, DTYPE_UNSUPPORTED, NOT_FINITE; UNKNOWN_OPTION
 */
export async function loadPretrained(
  source: PretrainedFiles | string,
  options: LoadPretrainedOptions = {},
): Promise<PretrainedModel> {
  checkOptions('loadPretrained', options, OPTIONS);
  const { maxBytes = MOST_BYTES, config: configName = 'config.json', seed = 1 } = options;
  const trainable = checkFlag('loadPretrained: trainable', options.trainable);
  const files = typeof source === 'string' ? await fetchFiles(source) : source;
  const json = await readJson(files, configName);
  if (json === undefined) {
    const others = Object.keys(files).slice(0, 8).join(', ');
    throw new HeedError('FILE_ACCESS', {
      message: `there is no ${configName}, ${others === '' ? 'nor anything else' : `but ${others}`}`,
      hint: 'give the files of a folder that save_pretrained wrote',
    });
  }
  const changed = changedConfig(json, options);
  const find = (config: Config): Found => findArchitecture(config, checkFamilies(options.families));
  find(new Config(changed, configName));
  const weights = withUnpacked(await openWeights(files));
  const design = (changed: Json): Design & Stored =>
    designOf(find, new Config(changed, configName), weights, json.architectures === changed.architectures);
  const { built, stored, ...designed } = design(changed);
  const tokenizer = await readTokenizer(files);
  const processorConfig = await readProcessorConfig(files);
  const embedding = await readModules(files);
  const generationConfig = await readJson(files, 'generation_config.json');
  if (changed !== json) beginHead(built.parameters, stored, designed.config, seed);
  const { family } = designed;
  const unused = await fillParameters(built.parameters, stored, {
    trainable,
    maxBytes,
    isSpare: (name) => isHead(name) || BUFFERS.test(name) || family.spare?.test(name) === true,
  });
  return new PretrainedModel({
    ...designed,
    built,
    design,
    generationConfig,
    beside: filesBeside(files),
    tokenizer,
    processorConfig,
    embedding,
    unused: unused.map((name) => stored.get(name)!.name),
  });
}

type Found = ReturnType<typeof findArchitecture>;

function checkFamilies(families: readonly Family[] = []): readonly Family[] {
  const areFamilies = Array.isArray(families) && families.every((family) => typeof family?.classes === 'object');
  if (areFamilies) return families;
  throw new HeedError('INVALID_ARGUMENT', {
    message: `loadPretrained: families are ${show(families)}`,
    hint: 'a list of families, each with its classes: see @heed/hugging-face/families',
  });
}

interface Stored {
  /** The tensors of the files by the names that the family has for them. */
  readonly stored: StoredTensors;
}

/**
 * The model of a configuration on stored tensors, of which none is read.
 *
 * @param isOfFiles whether it is of the class that wrote the files
 */
function designOf(
  find: (config: Config) => Found,
  config: Config,
  weights: StoredTensors,
  isOfFiles: boolean,
): Design & Stored {
  const { family, architecture } = find(config);
  const stored = byPresentNames(weights, family);
  const tree = new ParameterTree(stored);
  const network = family.classes[architecture]!(config, tree);
  const nameInFile = (name: string): string =>
    (isOfFiles ? stored.get(name)?.name : undefined) ?? nameInClass(family, architecture, name);
  return { architecture, family, config, stored, built: { network, parameters: [...tree.asked.values()] }, nameInFile };
}

/** Tensors that older files have and no class reads. */
const BUFFERS = /(^|\.)(position_ids|rotary_emb\.inv_freq)$/;

/** The tensors by the names that families have for them: without the body's prefix, and with today's names for yesterday's. */
function byPresentNames(stored: StoredTensors, { prefix, renamed = [] }: Family): StoredTensors {
  return new Map<string, StoredTensor>(
    [...stored].map(([name, tensor]) => {
      const body = name.startsWith(prefix) ? name.slice(prefix.length) : name;
      return [renamed.reduce((present, [before, now]) => present.replace(before, now), body), tensor];
    }),
  );
}
