import { encodeSafetensors, type NumericArray } from '@heed/formats';
import type { Config } from './config.js';
import { openFile, type PretrainedFiles } from './files/pretrained-files.js';
import { assertUnadapted, type Parameter } from './parameters.js';

/** Files beside the weights that go with a model wherever it goes: of its tokenizer, of what is made of pictures and sounds, of `generate`. */
const BESIDE =
  /^(generation_config|preprocessor_config|processor_config|tokenizer|tokenizer_config|special_tokens_map|added_tokens|vocab|chat_template)\.json$|^(vocab|merges)\.txt$|\.(model|jinja)$/;

export const filesBeside = (files: PretrainedFiles): PretrainedFiles =>
  Object.fromEntries(Object.entries(files).filter(([name]) => BESIDE.test(name)));

interface Saved {
  readonly architecture: string;
  readonly config: Config;
  readonly beside: PretrainedFiles;
  readonly built: { readonly parameters: readonly Parameter[] };
  readonly nameInFile: (name: string) => string;
}

/** The files of a model. */
export async function savedFiles({ architecture, config, beside, built, nameInFile }: Saved) {
  assertUnadapted('save', built.parameters);
  const saved: Record<string, Uint8Array> = {};
  for (const name of Object.keys(beside)) {
    const file = openFile(beside, name)!;
    saved[name] = await file.read(0, file.size);
  }
  const tensors: Record<string, NumericArray> = {};
  for (const parameter of built.parameters) {
    // What is computed is of no file.
    if (parameter.made !== undefined) continue;
    const data = await parameter.tensor().data<'float32'>();
    tensors[nameInFile(parameter.name)] = { dtype: 'float32', shape: [...parameter.shape], data };
  }
  // Weights of few bits were made float32.
  const { quantization_config: _, torch_dtype: _before, ...fields } = config.json;
  const json = { ...fields, architectures: [architecture], dtype: 'float32', torch_dtype: 'float32' };
  return {
    ...saved,
    'config.json': new TextEncoder().encode(`${JSON.stringify(json, null, 2)}\n`),
    // transformers asks for the format.
    'model.safetensors': encodeSafetensors(tensors, { format: 'pt' }),
  };
}
