import type { Inputs } from '../networks/network.js';
import { partsOf, type PretrainedModel } from '../model.js';
import type { Tokenizer } from '../tokens/tokenizer.js';
import { HeedError } from '@heed/base';

/** Positions of a model that has no table of them, which are read at once. */
const MOST_TOKENS = 1024;

/** Tokens of one sequence. */
export interface Sequence {
  readonly ids: readonly number[];
  readonly typeIds?: readonly number[];
}

/** Number of tokens that a model is given at most. */
export const longestOf = (model: PretrainedModel): number => partsOf(model).built.network.longest ?? MOST_TOKENS;

/** @throws HeedError INVALID_ARGUMENT for a folder without a tokenizer */
export function tokenizerOf({ tokenizer }: PretrainedModel): Tokenizer {
  if (tokenizer !== undefined) return tokenizer;
  throw new HeedError('INVALID_ARGUMENT', {
    message: 'the folder has no tokenizer.json',
    hint: 'texts can’t be learnt without one',
  });
}

/** A token's number in `config.json`, of a field that may have several or none. */
export const tokenIn = (model: PretrainedModel, name: string): number | undefined => partsOf(model).config.ids(name)[0];

/** Sequences side by side, shorter ones with pads behind them. */
export function besideOneAnother(model: PretrainedModel, sequences: readonly Sequence[]): Inputs {
  const time = Math.max(...sequences.map(({ ids }) => ids.length));
  const pad = tokenIn(model, 'pad_token_id') ?? model.tokenizer?.padId ?? 0;
  const padded = (row: readonly number[], filler: number): number[] => [
    ...row,
    ...Array.from({ length: time - row.length }, () => filler),
  ];
  return {
    inputIds: sequences.map(({ ids }) => padded(ids, pad)),
    attentionMask: sequences.map(({ ids }) =>
      padded(
        ids.map(() => 1),
        0,
      ),
    ),
    ...(model.takes.includes('tokenTypeIds') && {
      tokenTypeIds: sequences.map(({ ids, typeIds = ids.map(() => 0) }) => padded(typeIds, 0)),
    }),
  };
}
