import { HeedError } from '@heed/base';
import type { Inputs, PretrainedModel } from '@heed/hugging-face';
import type { PretrainedInput } from '../../engine/jobs.js';
import { readMedia, type Media } from './media.js';

/** What a model is run on. */
export interface ReadInput {
  readonly inputs: Inputs;
  /** Tokens of the text that its (first) tower reads; of each text, where there are several. None of a picture or a sound alone. */
  readonly texts: readonly (readonly number[])[];
  /** Tokens of the decoder beside it; none without one. */
  readonly target: readonly number[];
  /** What was added to the text, or written of it; undefined of a model that continues nothing. */
  readonly added?: readonly number[];
  readonly media?: Media | undefined;
}

/**
 * Reads an input: its tokens, and how the model continues it. A decoder reads the target that is given, and else what the model writes.
 *
 * @throws HeedError INVALID_ARGUMENT, and what `generate` and the model's processor throw
 */
export async function readInput(model: PretrainedModel, input: PretrainedInput): Promise<ReadInput> {
  const { takes } = model;
  const media = input.file === null ? undefined : await readMedia(model, input.file);
  const read = readTexts(model, input);
  const inputs: Inputs = { ...read.inputs, ...media?.inputs };
  const continues = model.continues && input.length > 0;
  if (takes.includes('decoderInputIds')) {
    const target = await targetOf(model, inputs, input);
    const isWritten = continues && input.target === '';
    return {
      inputs: { ...inputs, decoderInputIds: [target] },
      texts: read.texts,
      target,
      media,
      ...(isWritten && { added: target }),
    };
  }
  if (!continues) return { inputs, texts: read.texts, target: [], media };
  const whole = await continued(model, inputs, input.length);
  const length = read.texts[0]!.length;
  return { inputs: { inputIds: [whole] }, texts: [whole], target: [], added: whole.slice(length) };
}

function readTexts(
  { takes, tokenizer }: PretrainedModel,
  { text, pair }: PretrainedInput,
): Pick<ReadInput, 'inputs' | 'texts'> {
  if (!takes.includes('inputIds')) return { inputs: {}, texts: [] };
  if (tokenizer === undefined) {
    throw new HeedError('INVALID_ARGUMENT', {
      message: 'there is no tokenizer.json',
      hint: 'a text can’t be read without one',
    });
  }
  if (takes.includes('pixelValues')) {
    const lines = text.split('\n').filter((line) => line.trim() !== '');
    const { inputIds, attentionMask } = tokenizer.encodeBatch(lines);
    return { inputs: { inputIds, attentionMask }, texts: lines.map((line) => tokenizer.encode(line).ids) };
  }
  const { ids, typeIds } = tokenizer.encode(text, pair === '' ? {} : { pair });
  return {
    inputs: { inputIds: [ids], ...(takes.includes('tokenTypeIds') && { tokenTypeIds: [typeIds] }) },
    texts: [ids],
  };
}

/** What the decoder of an encoder–decoder reads: what is given, else what the model writes, else what it starts with. */
async function targetOf(
  model: PretrainedModel,
  inputs: Inputs,
  { target, length }: PretrainedInput,
): Promise<readonly number[]> {
  if (target !== '' && model.tokenizer !== undefined) return [...startOf(model), ...model.tokenizer.encode(target).ids];
  return model.continues && length > 0 ? continued(model, inputs, length) : startOf(model);
}

async function continued(model: PretrainedModel, inputs: Inputs, maxNewTokens: number): Promise<readonly number[]> {
  const { sequences } = await model.generate(inputs, { maxNewTokens });
  return sequences[0]!;
}

/** What a decoder starts with. */
const startOf = ({ config }: PretrainedModel): readonly number[] =>
  [config['decoder_start_token_id'], config['bos_token_id'], config['pad_token_id']]
    .filter((id) => typeof id === 'number')
    .slice(0, 1);
