import { HeedError } from '@heed/base';
import { loadPretrained, type PretrainedModel } from '@heed/hugging-face';
import type { PretrainedFacts } from '../../engine/jobs.js';
import { beforeSwitch } from '../session.js';

type Files = Readonly<Record<string, File>>;

/** Files that were opened last, from which the model is loaded again on another engine. */
let files: Files | undefined;
let model: PretrainedModel | undefined;

beforeSwitch(() => {
  model?.dispose();
  model = undefined;
});

/**
 * Opens a model from the files of its folder.
 *
 * @throws HeedError as `loadPretrained`
 */
export async function openPretrained(given: Files): Promise<PretrainedFacts> {
  const opened = await loadPretrained(given);
  model?.dispose();
  [model, files] = [opened, given];
  const { architecture, continues, takes, tokenizer } = opened;
  return {
    architecture,
    continues,
    parameters: Object.values(opened.parameters).reduce((sum, { size }) => sum + size, 0),
    hasTokenizer: tokenizer !== undefined,
    hasProcessor: opened.processor !== undefined,
    takes: {
      text: takes.includes('inputIds'),
      pair: takes.includes('tokenTypeIds'),
      target: takes.includes('decoderInputIds'),
      picture: takes.includes('pixelValues'),
      sound: takes.includes('inputFeatures'),
    },
    compares: takes.includes('inputIds') && takes.includes('pixelValues'),
    mask: tokenizer?.maskId === undefined ? null : tokenizer.tokenOf(tokenizer.maskId),
  };
}

/**
 * The open model, on the engine in use.
 *
 * @throws HeedError INVALID_ARGUMENT when none is open
 */
export async function openModel(): Promise<PretrainedModel> {
  if (files === undefined) throw new HeedError('INVALID_ARGUMENT', { message: 'no model is open' });
  return (model ??= await loadPretrained(files));
}
