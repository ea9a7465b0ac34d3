import { Tokenizer as LibraryTokenizer } from '@huggingface/tokenizers';
import { HeedError, show } from '@heed/base';
import { isObject, type Json } from '../files/pretrained-files.js';
import type { Ids } from '../networks/tokens.js';
import { decoderAsInRust, normalizeAsInRust, preTokenizerAsInRust, type Normalizer } from './as-in-rust.js';
import { BARE, templateOf, type Template } from './template.js';

/** A text, or two that belong together, as numbers. */
export interface Encoding {
  readonly ids: readonly number[];
  readonly tokens: readonly string[];
  /** Which of two texts a token is of, as the model counts them. */
  readonly typeIds: readonly number[];
}

/** Texts of a batch, filled up to the longest with the token that pads: inputs of `model.run`. */
export interface BatchEncoding {
  readonly inputIds: Ids;
  /** 1 for real tokens and 0 for pads. */
  readonly attentionMask: Ids;
  readonly tokenTypeIds: Ids;
}

export interface EncodeOptions {
  /** A second text. */
  readonly pair?: string;
  /** Whether to add the tokens that the model expects around texts; true by default. */
  readonly specialTokens?: boolean;
}

export interface DecodeOptions {
  /** Whether to leave out special tokens; false by default. */
  readonly skipSpecialTokens?: boolean;
}

/** What is used of the library, whose own types can't be resolved as ES modules are. */
interface Library {
  readonly normalizer: Normalizer | null;
  tokenize(text: string): string[];
  token_to_id(token: string): number | undefined;
  id_to_token(id: number): string | undefined;
  decode(
    ids: readonly number[],
    options: { readonly skip_special_tokens: boolean; readonly clean_up_tokenization_spaces: boolean },
  ): string;
}

/**
 * A tokenizer of a `tokenizer.json`, by `@huggingface/tokenizers`. What that does otherwise than the tokenizers library of Rust, which models
 * were trained with, is done here and in as-in-rust.ts: tokens around one or two texts, normalizers, words, and no tidying of decoded texts.
 */
export class Tokenizer {
  readonly #library: Library;
  readonly #template: Template;
  readonly #unknown: number | undefined;
  readonly #keepsUnknown: boolean;
  /** Token that pads; undefined without one. */
  readonly padId: number | undefined;
  /** Token that stands for one to be guessed; undefined without one. */
  readonly maskId: number | undefined;
  /** Where models of this tokenizer pad. */
  readonly paddingSide: 'left' | 'right';

  /** @throws HeedError FILE_INVALID */
  constructor(json: Json, config: Json = {}) {
    this.#template = templateOf(json.post_processor);
    this.#library = makeLibrary(json, config);
    this.#unknown = this.#idOf(config.unk_token) ?? this.#unknownOf(json.model);
    this.#keepsUnknown = isObject(json.model) && json.model.type === 'Unigram';
    this.padId = this.#idOf(config.pad_token);
    this.maskId = this.#idOf(config.mask_token);
    this.paddingSide = config.padding_side === 'left' ? 'left' : 'right';
  }

  encode(text: string, { pair, specialTokens = true }: EncodeOptions = {}): Encoding {
    const texts = { A: this.#read(text), B: pair === undefined ? [] : this.#read(pair) };
    const template = specialTokens ? this.#template : BARE;
    const entries = (pair === undefined ? template.single : template.pair).flatMap((piece) => {
      const read = 'ids' in piece ? piece.ids.map((id) => [id, this.tokenOf(id)] as const) : texts[piece.text];
      return read.map(([id, token]) => [id, token, piece.type] as const);
    });
    return {
      ids: entries.map(([id]) => id),
      tokens: entries.map(([, token]) => token),
      typeIds: entries.map(([, , type]) => type),
    };
  }

  /**
   * Texts as one batch, each padded on the side that its models have been trained with.
   *
   * @throws HeedError INVALID_ARGUMENT for no texts
   */
  encodeBatch(texts: readonly string[], options: Pick<EncodeOptions, 'specialTokens'> = {}): BatchEncoding {
    const encodings = texts.map((text) => this.encode(text, options));
    const longest = Math.max(0, ...encodings.map(({ ids }) => ids.length));
    if (longest === 0) {
      throw new HeedError('INVALID_ARGUMENT', { message: 'there are no tokens', hint: 'give at least one text' });
    }
    const padded = (row: readonly number[], pad: number): readonly number[] => {
      const pads = Array.from({ length: longest - row.length }, () => pad);
      return this.paddingSide === 'left' ? [...pads, ...row] : [...row, ...pads];
    };
    return {
      inputIds: encodings.map(({ ids }) => padded(ids, this.padId ?? 0)),
      attentionMask: encodings.map(({ ids }) =>
        padded(
          ids.map(() => 1),
          0,
        ),
      ),
      tokenTypeIds: encodings.map(({ typeIds }) => padded(typeIds, 0)),
    };
  }

  decode(ids: readonly number[], { skipSpecialTokens = false }: DecodeOptions = {}): string {
    if (ids.length === 0) return '';
    return this.#library.decode([...ids], {
      skip_special_tokens: skipSpecialTokens,
      clean_up_tokenization_spaces: false,
    });
  }

  /** The token of a number; empty for a number without one. */
  tokenOf(id: number): string {
    return this.#library.id_to_token(id) ?? '';
  }

  /** Numbers with their tokens; a piece that is no token has the number of what is unknown, and keeps its text where pieces are of a unigram model. */
  #read(text: string): readonly (readonly [id: number, token: string])[] {
    return this.#library.tokenize(text).flatMap((token) => {
      const id = this.#library.token_to_id(token);
      if (id !== undefined) return [[id, token] as const];
      if (this.#unknown === undefined) return [];
      return [[this.#unknown, this.#keepsUnknown ? token : this.tokenOf(this.#unknown)] as const];
    });
  }

  #unknownOf(model: unknown): number | undefined {
    const { unk_id: id, unk_token: token } = isObject(model) ? model : {};
    return typeof id === 'number' ? id : this.#idOf(token);
  }

  #idOf(token: unknown): number | undefined {
    const content = isObject(token) ? token.content : token;
    return typeof content === 'string' ? this.#library.token_to_id(content) : undefined;
  }
}

/** Something of each kind that tokenizers tell apart. */
const TRIAL = 'A trial: 1 é.';

/** The library's tokenizer, tried once: parts that it doesn't know show when they are made or when they are used. */
function makeLibrary(json: Json, config: Json): Library {
  try {
    checkModel(json.model);
    refuseUnread(json);
    const library: Library = new LibraryTokenizer(
      {
        ...json,
        pre_tokenizer: preTokenizerAsInRust(json.pre_tokenizer),
        decoder: decoderAsInRust(json.decoder),
        post_processor: null,
      },
      config,
    );
    normalizeAsInRust(library.normalizer);
    const ids = library.tokenize(TRIAL).flatMap((token) => library.token_to_id(token) ?? []);
    if (ids.length > 0) library.decode(ids, { skip_special_tokens: true, clean_up_tokenization_spaces: false });
    return library;
  } catch (cause) {
    if (HeedError.isInstance(cause)) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new HeedError('FILE_INVALID', { message: `tokenizer.json can't be used: ${reason}`, cause });
  }
}

/** Refuses what the library would leave out without a word. */
function refuseUnread({ model, added_tokens: added }: Json): void {
  const { type, continuing_subword_prefix: prefix } = isObject(model) ? model : {};
  const word = Array.isArray(added) ? added.find((token) => isObject(token) && token.single_word === true) : undefined;
  const unread = [
    ...(type === 'BPE' && typeof prefix === 'string' && prefix !== ''
      ? [`a BPE with continuing_subword_prefix ${show(prefix)}`]
      : []),
    ...(word === undefined ? [] : [`the added token ${show((word as Json).content)} is a single_word`]),
  ];
  if (unread.length === 0) return;
  throw new HeedError('FILE_INVALID', {
    message: `tokenizer.json can't be used: ${unread[0]}`,
    hint: 'this kind of tokens is not supported',
  });
}

/** Models that tokens are made by; older files don't say which. */
const MODELS = ['BPE', 'Unigram', 'WordLevel', 'WordPiece'];

function checkModel(model: unknown): void {
  const { type, vocab } = isObject(model) ? model : {};
  if (type != null && !MODELS.includes(type as string)) {
    throw new HeedError('FILE_INVALID', {
      message: `tokenizer.json can't be used: there is no model ${show(type)}`,
      hint: `the known ones are ${MODELS.join(', ')}`,
    });
  }
  if (typeof vocab === 'object' && vocab !== null && Object.keys(vocab).length > 0) return;
  throw new HeedError('FILE_INVALID', { message: 'tokenizer.json: the model has no vocabulary' });
}
