import { HeedError, show } from '@heed/base';
import { isObject, type Json } from '../files/pretrained-files.js';

/** A token, or the tokens of a text, in a sequence; and the segment that they are of. */
type Piece = { readonly type: number } & ({ readonly ids: readonly number[] } | { readonly text: 'A' | 'B' });

/** What a tokenizer puts around a text, and around and between two. */
export interface Template {
  readonly single: readonly Piece[];
  readonly pair: readonly Piece[];
}

const text = (name: 'A' | 'B', type = 0): Piece => ({ text: name, type });

/** Nothing around: the second of two texts is a segment of its own. */
export const BARE: Template = { single: [text('A')], pair: [text('A'), text('B', 1)] };

/**
 * The template of a `post_processor` of tokenizer.json.
 *
 * @throws HeedError FILE_INVALID for a kind that isn't known
 */
export function templateOf(processor: unknown): Template {
  if (processor == null) return BARE;
  const make = isObject(processor) && typeof processor.type === 'string' ? KINDS.get(processor.type) : undefined;
  if (make !== undefined) return make(processor as Json);
  throw new HeedError('FILE_INVALID', {
    message: `tokenizer.json: post_processor is ${show(isObject(processor) ? processor.type : processor)}`,
    hint: `the known ones are ${[...KINDS.keys()].join(', ')}`,
  });
}

const KINDS: ReadonlyMap<string, (processor: Json) => Template> = new Map([
  // Changes offsets alone.
  ['ByteLevel', () => BARE],
  ['BertProcessing', ({ cls, sep }) => bracketed(idOf(cls), [idOf(sep)], 1)],
  ['RobertaProcessing', ({ cls, sep }) => bracketed(idOf(cls), [idOf(sep), idOf(sep)], 0)],
  ['TemplateProcessing', templateProcessing],
  [
    'Sequence',
    ({ processors }) => {
      const templates = listOf(processors).map((processor) => templateOf(processor));
      return templates.find((template) => template !== BARE) ?? BARE;
    },
  ],
]);

/** CLS A SEP, and CLS A SEP … B SEP with the second part of its own type. */
function bracketed(cls: number, between: readonly number[], type: number): Template {
  const end: Piece = { ids: [between[0]!], type: 0 };
  const single: Piece[] = [{ ids: [cls], type: 0 }, text('A'), end];
  const rest: Piece[] = between.slice(1).map((id) => ({ ids: [id], type }));
  return { single, pair: [...single, ...rest, text('B', type), { ...end, type }] };
}

function templateProcessing({ single, pair, special_tokens: special }: Json): Template {
  const piece = (item: unknown): Piece => {
    const { Sequence: sequence, SpecialToken: token } = isObject(item) ? item : {};
    if (isObject(sequence) && (sequence.id === 'A' || sequence.id === 'B')) {
      return text(sequence.id, wholeOf(sequence.type_id, item));
    }
    const named = isObject(token) && isObject(special) ? special[String(token.id)] : undefined;
    if (!isObject(token) || !isObject(named)) throw invalid(item);
    return { ids: listOf(named.ids).map((id) => wholeOf(id, item)), type: wholeOf(token.type_id, item) };
  };
  return { single: listOf(single).map(piece), pair: listOf(pair).map(piece) };
}

/** A number of a token or a segment. */
function wholeOf(value: unknown, part: unknown): number {
  if (Number.isInteger(value)) return value as number;
  throw invalid(part);
}

function idOf(pair: unknown): number {
  const [, id] = listOf(pair);
  return wholeOf(id, pair);
}

function listOf(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw invalid(value);
  return value;
}

const invalid = (part: unknown): HeedError =>
  new HeedError('FILE_INVALID', { message: `tokenizer.json: post_processor has ${show(part)}` });
