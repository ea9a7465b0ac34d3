import type { Guess, Prediction, RgbPicture } from '@heed/hugging-face';

/** A pretrained model that is open. */
export interface PretrainedFacts {
  /** Name of its class in transformers. */
  readonly architecture: string;
  readonly parameters: number;
  /** Whether it has what a text is read with, and what makes numbers of a picture or a sound. */
  readonly hasTokenizer: boolean;
  readonly hasProcessor: boolean;
  readonly takes: { readonly [Input in 'text' | 'pair' | 'target' | 'picture' | 'sound']: boolean };
  /** Whether it compares several texts with a picture. */
  readonly compares: boolean;
  /** Whether it continues what it is given. */
  readonly continues: boolean;
  /** Token that stands for one to be guessed; null without one. */
  readonly mask: string | null;
}

/** What the model is given. */
export interface PretrainedInput {
  /** A text; several, one a line, of models that compare them with a picture. */
  readonly text: string;
  /** A picture or a sound, of models that take one. */
  readonly file: File | null;
  /** A second text, of models that take two; empty for none. */
  readonly pair: string;
  /** What the decoder of an encoder–decoder has written; empty for what it writes by itself. */
  readonly target: string;
  /** Most tokens that it continues with. */
  readonly length: number;
}

/** What a model made of its input. */
export interface PretrainedAnswer {
  /** Number of the run, by which its maps are asked for. */
  readonly run: number;
  readonly tokens: readonly string[];
  readonly said: Said | null;
  readonly stacks: readonly AttentionStack[];
  /** The picture as the model sees it. */
  readonly picture: RgbPicture | null;
}

/** What a model says of its input: how it goes on, which of the texts is the picture's, or what its head says. */
export type Said =
  | Exclude<Prediction, { kind: 'likeness' }>
  | { readonly kind: 'continuation'; readonly text: string }
  | { readonly kind: 'likeness'; readonly guesses: readonly Guess[] };

/** Attention that a model has: of a tower alone, or of which part to which. */
export type StackKind = 'self' | 'encoder' | 'decoder' | 'cross' | 'text' | 'image';

/** Attention weights of all layers and heads over the same tokens. */
export interface AttentionStack {
  readonly kind: StackKind;
  /** The text that it is of, where there are several. */
  readonly of: string | null;
  readonly layers: number;
  readonly heads: number;
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  /** Whether it has a rollout: attention of a sequence to itself, of which nothing is left out. */
  readonly rolls: boolean;
  /** Where the columns are parts of the picture; null where they aren't. */
  readonly patches: Patches | null;
  /** Small maps of each layer: of every head, then of their mean. */
  readonly small: SmallMaps;
}

/** Patches of a picture, row by row, after vectors that are of no part of it. */
export interface Patches {
  readonly lead: number;
  readonly rows: number;
  readonly columns: number;
}

/** Most cells along a side of a small map, which is drawn in no more pixels. */
export const SMALL_SIDE = 96;

/** Maps with at most `SMALL_SIDE` cells along a side, one after another: each cell the greatest of those that it stands for. */
export interface SmallMaps {
  readonly rows: number;
  readonly columns: number;
  /** Weights from 0 to 255, which is the greatest of the map. */
  readonly cells: Uint8Array;
}

/** Which map of an answer: of a head, of the mean of all heads, or the rollout from the first layer to this one. */
export interface MapPlace {
  readonly stack: number;
  readonly layer: number;
  readonly head: number | 'mean' | 'rollout';
}
