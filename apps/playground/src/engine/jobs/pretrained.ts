import type { Prediction } from '@heed/hugging-face';

/** A pretrained model that is open. */
export interface PretrainedFacts {
  /** Name of its class in transformers. */
  readonly architecture: string;
  readonly parameters: number;
  /** Whether it has what a text is read with. */
  readonly hasTokenizer: boolean;
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
  readonly text: string;
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
  readonly said: Prediction | { readonly kind: 'continuation'; readonly text: string } | null;
  readonly stacks: readonly AttentionStack[];
}

/** Attention that a model has: of a tower alone, or of which part to which. */
export type StackKind = 'self' | 'encoder' | 'decoder' | 'cross' | 'text' | 'image';

/** Attention weights of all layers and heads over the same tokens. */
export interface AttentionStack {
  readonly kind: StackKind;
  readonly layers: number;
  readonly heads: number;
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  /** Small maps of each layer: of every head, then of their mean. */
  readonly small: SmallMaps;
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

/** Which map of an answer: of a head, or of the mean of all heads. */
export interface MapPlace {
  readonly stack: number;
  readonly layer: number;
  readonly head: number | 'mean';
}
