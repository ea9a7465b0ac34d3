import type { Outputs, PretrainedModel } from '@heed/hugging-face';
import type { Patches } from '../../engine/jobs.js';
import type { Media } from './media.js';
import type { ReadInput } from './read-input.js';

/** Rows or columns of maps: what each is of. */
export interface Side {
  readonly labels: readonly string[];
  readonly patches?: Patches;
}

/** What is attended to and from. */
export interface Sides {
  /** What an encoder reads, or a model of one tower: a text, a picture or a sound. */
  readonly source: Side;
  /** What the decoder beside an encoder reads. */
  readonly target: Side;
  /** Texts beside a picture. */
  readonly texts: readonly Side[];
}

/** What stands before the patches of a picture, and sees all of it. */
const FIRST = '[CLS]';

/** What the rows and columns of a run's maps are. */
export function sidesOf({ tokenizer }: PretrainedModel, { texts, target, media }: ReadInput, outputs: Outputs): Sides {
  const side = (ids: readonly number[]): Side => ({ labels: ids.map((id) => tokenizer?.tokenOf(id) ?? String(id)) });
  const { attentions, encoderAttentions, imageAttentions } = outputs;
  const length = (imageAttentions ?? encoderAttentions ?? attentions)?.[0]?.shape[3] ?? 0;
  return {
    source: media === undefined ? side(texts[0] ?? []) : sideOfMedia(media, length),
    target: side(target),
    texts: texts.map(side),
  };
}

/** States of a picture or a sound: a vector of all of it and its patches, or moments until the sound ends. */
function sideOfMedia({ picture, sound }: Media, length: number): Side {
  if (picture !== undefined) {
    const patches = length - 1;
    const rows = Math.round(Math.sqrt((patches * picture.height) / picture.width));
    const columns = patches / rows;
    const names = Array.from({ length: patches }, (_, n) => `${Math.floor(n / columns) + 1}·${(n % columns) + 1}`);
    return { labels: [FIRST, ...names], patches: { lead: 1, rows, columns } };
  }
  const { window, seconds } = sound!;
  const heard = Math.min(length, Math.ceil((length * seconds) / window));
  return { labels: Array.from({ length: heard }, (_, n) => `${((n * window) / length).toFixed(2)} s`) };
}
