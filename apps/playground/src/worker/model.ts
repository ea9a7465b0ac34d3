import { HeedError } from '@heed/base';
import { decodeModel, openRun } from '@heed/nn';
import { recurrent, type Seq2Seq } from '@heed/networks';
import type { Found, ModelFacts } from '../engine/jobs.js';
import { memoryFolder } from './memory-folder.js';
import { beforeSwitch } from './session.js';
import { symbolsOf } from './symbols.js';
import { unpack } from './unpack.js';

/** Greatest size of a model in a page, in bytes; a page has less memory than a server. */
const LARGEST_MODEL = 256 * 2 ** 20;
const wanted = { maxBytes: LARGEST_MODEL, networks: [recurrent] };

/** Model file that was loaded last, from which the model is made again on another engine. */
let bytes: Uint8Array | undefined;
let model: Seq2Seq | undefined;

beforeSwitch(() => {
  model?.dispose();
  model = undefined;
});

/**
 * Loads a model file, with or without its run.json, or an archive of a run. When it is refused, the present model stays.
 *
 * @throws HeedError FILE_INVALID, FILE_TOO_LARGE, CHECKPOINT_INVALID, CONFIG_INVALID, SHAPE_MISMATCH, NOT_FINITE
 */
export async function load(given: Readonly<Record<string, Uint8Array>>): Promise<ModelFacts> {
  const files = await unpack(given, LARGEST_MODEL);
  const name = modelAmong(Object.keys(files));
  const folder = memoryFolder('what was given', { ...files, 'model.safetensors': files[name] });
  const opened = (await folder.has('run.json'))
    ? await openRun(folder, wanted)
    : { model: decodeModel(files[name], wanted), info: null };
  model?.dispose();
  ({ model } = opened);
  bytes = files[name];
  return { config: model.config, parameters: model.parameterCount, info: opened.info };
}

/**
 * The model that was loaded last.
 *
 * @throws HeedError INVALID_ARGUMENT when none was loaded
 */
export function loadedModel(): Seq2Seq {
  if (bytes === undefined) throw new HeedError('INVALID_ARGUMENT', { message: 'no model was loaded yet' });
  model ??= decodeModel(bytes, wanted);
  return model;
}

function modelAmong(names: readonly string[]): string {
  const found = names.filter((name) => name.endsWith('.safetensors') && name !== 'training.safetensors');
  const name = found.find((one) => one === 'model.safetensors') ?? (found.length === 1 ? found[0] : undefined);
  if (name !== undefined) return name;
  throw new HeedError('FILE_INVALID', {
    message: `there is no model.safetensors among ${names.join(', ').slice(0, 200) || 'nothing'}`,
    hint: 'give model.safetensors of a run, with run.json or without, or the whole run in a .zip file',
  });
}

export async function beam(word: string, width: number, penalty: number): Promise<Found[]> {
  const model = loadedModel();
  const [hypotheses] = await model.beam([symbolsOf(word, model.config)], { width, lengthPenalty: penalty });
  return hypotheses!.map(({ output, logProbability, score, weights, finished }) => ({
    output,
    logProbability,
    score,
    weights: weights ?? null,
    finished,
  }));
}
