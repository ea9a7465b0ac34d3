import { checkFlag, checkOptions, HeedError, type OptionNames } from '@heed/base';
import { Config } from './config.js';
import { fetchFiles } from './files/fetch-files.js';
import { withUnpacked } from './files/mxfp4.js';
import { readJson, type PretrainedFiles } from './files/pretrained-files.js';
import { openWeights, type StoredTensor, type StoredTensors } from './files/stored-weights.js';
import type { Family } from './families/family.js';
import { findArchitecture } from './families/index.js';
import { PretrainedModel } from './model.js';
import { fillParameters, ParameterTree } from './parameters.js';
import { readTokenizer } from './tokens/read-tokenizer.js';

export interface LoadPretrainedOptions {
  /** Whether the parameters are variables, which optimizers train; false by default. */
  readonly trainable?: boolean;
  /** Most bytes that the parameters may take as float32; 4 GiB by default. */
  readonly maxBytes?: number;
  /** Name of the configuration's file; `config.json` by default. */
  readonly config?: string;
}

const OPTIONS: OptionNames<LoadPretrainedOptions> = { trainable: true, maxBytes: true, config: true };

const MOST_BYTES = 2 ** 32;

/**
 * The model of a folder as Hugging Face's `save_pretrained` writes it: `config.json`, safetensors (whole or in shards; float32, float16 or
 * bfloat16, computed in float32), `tokenizer.json`. Names and shapes are checked before any tensor is read, and tensors are read one at a time.
 *
 * @param source the folder's files by their names; or the folder's address, from which alone anything is fetched
 * @throws HeedError FILE_ACCESS, FILE_INVALID, FILE_TOO_LARGE; CONFIG_INVALID, UNKNOWN_NAME (the architecture, an activation);
 * CHECKPOINT_INVALID (missing or unexpected tensors), SHAPE_MISMATCH, NOT_FINITE; UNKNOWN_OPTION
 */
export async function loadPretrained(
  source: PretrainedFiles | string,
  options: LoadPretrainedOptions = {},
): Promise<PretrainedModel> {
  checkOptions('loadPretrained', options, OPTIONS);
  const { maxBytes = MOST_BYTES, config: configName = 'config.json' } = options;
  const trainable = checkFlag('loadPretrained: trainable', options.trainable);
  const files = typeof source === 'string' ? await fetchFiles(source) : source;
  const json = await readJson(files, configName);
  if (json === undefined) {
    throw new HeedError('FILE_ACCESS', {
      message: `there is no ${configName}, but ${Object.keys(files).slice(0, 8).join(', ') || 'nothing'}`,
      hint: 'give the files of a folder that save_pretrained wrote',
    });
  }
  const config = new Config(json, configName);
  const { family, architecture } = findArchitecture(config);
  const stored = byPresentNames(withUnpacked(await openWeights(files)), family);
  const tokenizer = await readTokenizer(files);
  const generationConfig = await readJson(files, 'generation_config.json');
  const weights = new ParameterTree(stored);
  const network = family.classes[architecture]!(config, weights);
  const parameters = [...weights.asked.values()];
  const unused = await fillParameters(parameters, stored, {
    trainable,
    maxBytes,
    isSpare: (name) => OTHER_HEADS.test(name) || BUFFERS.test(name) || family.spare?.test(name) === true,
  });
  const nameInFile = (name: string): string => stored.get(name)?.name ?? name;
  return new PretrainedModel({
    architecture,
    config,
    generationConfig,
    network,
    tokenizer,
    parameters: new Map(parameters.map((parameter) => [nameInFile(parameter.name), parameter])),
    unused: unused.map(nameInFile),
  });
}

/** Tensors of heads, which a model of another head has no use for, by what their names begin with. */
const OTHER_HEADS = /^(cls|lm_head|pooler|classifier|score|qa_outputs|classification_head|pre_classifier|vocab_\w+)\b/;
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
