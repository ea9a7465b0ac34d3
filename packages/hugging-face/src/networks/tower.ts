import * as tf from '@tensorflow/tfjs-core';
import { tidy, toSequences } from '@heed/nn';
import { runStack, type Stack, type StackCall, type StackResult } from '../layers/block.js';
import type { Layer, Rows } from '../layers/layer.js';
import type { Network, Outputs, RunOptions } from './network.js';
import { presentOf, readTokens, type TokenLimits, type Tokens } from './tokens.js';

/** Embeddings of tokens and blocks on them: an encoder, or a decoder. */
export interface Tower extends TokenLimits {
  readonly embed: (tokens: Pick<Tokens, 'ids' | 'types' | 'positions'>) => Rows;
  readonly stack: Stack;
  /** What a sequence is pooled to, which such models give besides: [B·T, E] → [B, E]. */
  readonly pool?: Pool | undefined;
}

export type Pool = (last: Rows, tokens: Tokens) => Rows;

/** What comes after a tower: a layer of each position, or of what each sequence is pooled to, by the tower's own pool unless another is given. */
export type Head = { readonly each: Layer } | { readonly pooled: Layer; readonly pool?: Pool };

/** States of a tower. */
function runTower(tower: Tower, tokens: Tokens, call: Omit<StackCall, 'batch' | 'positions'>): StackResult {
  const { batch, positions } = tokens;
  return runStack(tower.stack, tower.embed(tokens), { ...call, batch, positions });
}

/** A network of one tower. */
export function towerNetwork(tower: Tower, head?: Head): Network {
  return {
    takes: [
      'inputIds',
      'attentionMask',
      'positionIds',
      ...(tower.segments !== undefined ? (['tokenTypeIds'] as const) : []),
    ],
    run(inputs, options) {
      const tokens = readTokens(
        'inputIds',
        {
          ids: inputs.inputIds,
          mask: inputs.attentionMask,
          types: inputs.tokenTypeIds,
          positions: inputs.positionIds,
        },
        tower,
      );
      return tidy(() => {
        const { batch, mask } = tokens;
        const result = runTower(tower, tokens, {
          present: presentOf(mask, batch),
          returnWeights: options.attentions === true,
        });
        const poolerOutput = tower.pool?.(result.last, tokens);
        const pooled = head !== undefined && 'pool' in head ? head.pool?.(result.last, tokens) : poolerOutput;
        return {
          ...(head !== undefined && { logits: logitsOf(head, result.last, pooled, batch) }),
          ...(poolerOutput !== undefined && { poolerOutput }),
          ...statesOf(result, batch, options),
        };
      });
    },
  };
}

function statesOf({ last, hidden, attentions }: StackResult, batch: number, asked: RunOptions): Outputs {
  return {
    lastHiddenState: toSequences(last, batch),
    ...(asked.hiddenStates === true && { hiddenStates: hidden.map((rows) => toSequences(rows, batch)) }),
    ...(asked.attentions === true && { attentions: [...attentions] }),
  };
}

const logitsOf = (head: Head, last: Rows, pooled: Rows | undefined, batch: number): tf.Tensor =>
  'each' in head ? toSequences(head.each(last), batch) : head.pooled(pooled ?? last);

/** The first token of each sequence: [B·T, E] → [B, E]. */
export const firstOf: Pool = (last, { batch, time }) =>
  rowsAt(
    last,
    Int32Array.from({ length: batch }, (_, b) => b * time),
  );

/** The last token of each sequence that isn't the pad: [B·T, E] → [B, E]. */
export const lastOf =
  (pad: number): Pool =>
  (last, { batch, time, ids }) =>
    rowsAt(
      last,
      Int32Array.from({ length: batch }, (_, b) => {
        const row = ids.subarray(b * time, (b + 1) * time);
        return (
          b * time +
          Math.max(
            row.findLastIndex((id) => id !== pad),
            0,
          )
        );
      }),
    );

const rowsAt = (rows: Rows, at: Int32Array): Rows => tf.gather(rows, tf.tensor1d(at, 'int32'));
