import { HeedError } from '@heed/base';
import type { Inputs, PretrainedModel } from '@heed/hugging-face';
import type { PretrainedInput } from '../../engine/jobs.js';

/** What a model is run on. */
export interface ReadInput {
  readonly inputs: Inputs;
  /** Tokens that its (first) tower reads. */
  readonly source: readonly number[];
  /** Tokens of the decoder beside it; none without one. */
  readonly target: readonly number[];
  /** What was added to the text, or written of it; undefined of a model that continues nothing. */
  readonly added?: readonly number[];
}

/**
 * Reads an input: its tokens, and how the model continues it. A decoder reads the target that is given, and else what the model writes.
 *
 * @throws HeedError INVALID_ARGUMENT, and what `generate` throws
 */
export async function readInput(model: PretrainedModel, input: PretrainedInput): Promise<ReadInput> {
  const { tokenizer, takes } = model;
  const missing = takes.find((name) => name === 'pixelValues' || name === 'inputFeatures');
  if (missing !== undefined || tokenizer === undefined) {
    throw new HeedError('INVALID_ARGUMENT', {
      message: missing === undefined ? 'there is no tokenizer.json' : `${model.architecture} takes ${missing}`,
      hint: missing === undefined ? 'a text can’t be read without one' : 'this page reads texts only',
    });
  }
  const { ids, typeIds } = tokenizer.encode(input.text, input.pair === '' ? {} : { pair: input.pair });
  const inputs: Inputs = { inputIds: [ids], ...(takes.includes('tokenTypeIds') && { tokenTypeIds: [typeIds] }) };
  const continues = model.continues && input.length > 0;
  if (takes.includes('decoderInputIds')) {
    const written = tokenizer.encode(input.target).ids;
    const start = startOf(model);
    const target =
      input.target !== '' ? [...start, ...written] : continues ? await continued(model, inputs, input.length) : start;
    return {
      inputs: { ...inputs, decoderInputIds: [target] },
      source: ids,
      target,
      ...(continues && input.target === '' && { added: target }),
    };
  }
  if (!continues) return { inputs, source: ids, target: [] };
  const whole = await continued(model, inputs, input.length);
  return { inputs: { inputIds: [whole] }, source: whole, target: [], added: whole.slice(ids.length) };
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
