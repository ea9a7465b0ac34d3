import { HeedError, normals, uniform } from '@heed/base';
import { loadPretrained, type Inputs, type PretrainedModel } from '@heed/hugging-face';
import type { Host } from '../host.js';
import { modelProblem } from './model-problem.js';
import type { Problem } from './problem.js';

type Json = Readonly<Record<string, unknown>>;

/** Most bytes of a file: the weights of a billion parameters. */
const LARGEST = 2 ** 32;
const READ = /^config\.json$|\.safetensors(\.index\.json)?$/;
/** Most tokens of a text. */
const LONGEST = 12;
const PLACES = ['max_position_embeddings', 'n_positions', 'max_target_positions'];

/** Whether there is a folder of a pretrained model. */
export async function holdsPretrained(host: Host, folder: string): Promise<boolean> {
  try {
    return (await host.filesIn(folder))?.includes('config.json') === true;
  } catch (error) {
    // A name may be one of something else, misspelt.
    if (HeedError.isInstance(error, 'FILE_ACCESS')) return false;
    throw error;
  }
}

/** What is told of a model by those that opened it. */
type Facts = Pick<PretrainedModel, 'architecture' | 'config' | 'takes'>;

/**
 * A pretrained model on inputs that are drawn by a seed: its logits, states and attention weights.
 *
 * @param open has the model opened on a backend that needs nothing, and what is wrong with it told
 */
export async function pretrainedProblem(
  host: Host,
  folder: string,
  { seed, words: batch }: { readonly seed: number; readonly words: number },
  open: (load: () => Promise<Facts>) => Promise<Facts>,
): Promise<Problem> {
  const names = (await host.filesIn(folder)) ?? [];
  const files: Record<string, Uint8Array> = {};
  for (const name of names.filter((name) => READ.test(name))) {
    files[name] = await host.readFile(`${folder.replace(/\/$/, '')}/${name}`, LARGEST);
  }
  const facts = await open(async () => {
    const model = await loadPretrained(files, { families: host.brought.families });
    const { architecture, config, takes } = model;
    model.dispose();
    return { architecture, config, takes };
  });
  const inputs = drawnInputs(facts, batch, seed);
  const title = `${folder}: ${facts.architecture}, on ${batch} inputs drawn by seed ${seed}`;
  return modelProblem(title, { kind: 'pretrained', files, inputs }, host.brought.file);
}

/** Inputs of the kinds that a class takes: tokens, pictures or sounds, and what a decoder begins with. */
function drawnInputs({ config, takes }: Facts, batch: number, seed: number): Inputs {
  const [source, target] = [sectionOf(config, 'text_config', 'encoder'), sectionOf(config, 'decoder')];
  const picture = sectionOf(config, 'vision_config', 'encoder');
  const ids = (name: string, from: Json): readonly (readonly number[])[] => {
    const draw = uniform({ stream: 'inputs', seed, name });
    // Some families have places before that of the first token: half of them are surely free.
    const places = PLACES.map((key) => Math.floor(numberIn(from, key, Infinity) / 2));
    const time = Math.max(1, Math.min(LONGEST, ...places));
    const vocabulary = numberIn(from, 'vocab_size', 1);
    return Array.from({ length: batch }, () => Array.from({ length: time }, () => Math.floor(draw() * vocabulary)));
  };
  const values = (...shape: readonly number[]): { readonly shape: readonly number[]; readonly data: Float32Array } => ({
    shape: [batch, ...shape],
    data: normals(
      shape.reduce((product, length) => product * length, batch),
      { stream: 'inputs', seed, name: 'values' },
    ),
  });
  const side = numberIn(picture, 'image_size', 1);
  const drawn: Inputs = {
    inputIds: ids('source', source),
    decoderInputIds: ids('target', target),
    pixelValues: values(numberIn(picture, 'num_channels', 3), side, side),
    inputFeatures: values(numberIn(config, 'num_mel_bins', 1), 2 * numberIn(config, 'max_source_positions', 1)),
  };
  return Object.fromEntries(Object.entries(drawn).filter(([name]) => takes.includes(name as keyof Inputs)));
}

/** The part of a configuration that has one, or the whole. */
function sectionOf(config: Json, ...names: readonly string[]): Json {
  const found = names.map((name) => config[name]).find((part) => typeof part === 'object' && part !== null);
  return (found as Json | undefined) ?? config;
}

const numberIn = (config: Json, name: string, fallback: number): number => {
  const value = config[name];
  return typeof value === 'number' ? value : fallback;
};
