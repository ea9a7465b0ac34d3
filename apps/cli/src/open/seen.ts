import type { Outputs, PretrainedModel } from '@heed/hugging-face';
import type { OpenFlags } from '../commands/open-command.js';
import { UsageError } from '../usage-error.js';
import type { Given } from './given.js';
import type { MadeInputs } from './make-inputs.js';
import type { Seen } from './maps.js';

/** What stands before the patches of a picture, and sees all of it. */
const FIRST = '[CLS]';

/** Refuses a part that the model hasn't, and a rollout of one that isn't of a sequence to itself. */
export function checkPart({ architecture, takes }: PretrainedModel, { part, rollout }: OpenFlags): void {
  const isApart = takes.includes('decoderInputIds');
  if (!isApart && part !== undefined)
    throw new UsageError(`${architecture} has no parts`, '--part is for encoder–decoders');
  if (isApart && rollout === true && (part ?? 'cross') === 'cross')
    throw new UsageError('attention to another sequence has no rollout', 'add --part encoder, or --part decoder');
}

/**
 * What a model attended to, in a part of it that is asked for: a decoder's tokens to what its encoder read, by default; tokens to each other;
 * and what is before a picture's patches to them.
 *
 * @param continued tokens of a continuation with what it continues; undefined without one
 */
export function seenBy(
  model: PretrainedModel,
  given: Given,
  made: MadeInputs,
  continued: readonly string[] | undefined,
  outputs: Outputs,
  { part = 'cross' }: OpenFlags,
): readonly Seen[] {
  const { attentions, crossAttentions, encoderAttentions, decoderAttentions, imageAttentions, textAttentions } =
    outputs;
  if (imageAttentions !== undefined && textAttentions !== undefined) {
    return [
      ...given.pictures.map((of, item) => {
        const columns = { picture: made.pictures![item]! };
        return { attentions: imageAttentions, item, of, rows: [FIRST], columns };
      }),
      ...given.texts.map((of, item) => {
        const tokens = made.tokens[item]!;
        return { attentions: textAttentions, item, of, rows: tokens, columns: tokens };
      }),
    ];
  }
  if (crossAttentions !== undefined && continued !== undefined) {
    const read = sourceOf(model, made, crossAttentions[0]?.shape[3] ?? 0);
    if (part === 'cross') return [{ attentions: crossAttentions, rows: continued, columns: read }];
    if (part === 'decoder') return [{ attentions: decoderAttentions!, rows: continued, columns: continued }];
    return [{ attentions: encoderAttentions!, rows: 'picture' in read ? [FIRST] : read, columns: read }];
  }
  if (attentions === undefined) return [];
  if (made.pictures !== undefined) return [{ attentions, rows: [FIRST], columns: { picture: made.pictures[0]! } }];
  const own = continued ?? made.tokens[0]!;
  return [{ attentions, rows: own, columns: own }];
}

/** What the states of an encoder are of: tokens, patches of a picture, or when each begins until a sound ends. */
function sourceOf(
  { processor }: PretrainedModel,
  { tokens, pictures, heard }: MadeInputs,
  count: number,
): Seen['columns'] {
  if (pictures !== undefined) return { picture: pictures[0]! };
  if (heard === undefined) return tokens[0]!;
  const seconds = processor?.seconds ?? 0;
  return Array.from({ length: Math.ceil(count * heard) }, (_, n) => `${((n * seconds) / count).toFixed(2)} s`);
}
