import type * as tf from '@tensorflow/tfjs-core';
import { tidy, toSequences } from '@heed/nn';
import type { StackResult } from '../layers/block.js';
import type { Layer, Rows } from '../layers/layer.js';
import { Turnings } from '../layers/turnings.js';
import { createDecoder, type Decoder } from './decoder.js';
import type { Continuable, Network, Outputs, RunOptions } from './network.js';
import { presentOf, readTokens, rowsOfMask } from './tokens.js';
import { towerSession } from './tower-session.js';
import { runTower, type Pool, type Tower } from './tower.js';

/**
 * What comes after a tower: a layer of each position, one whose logits are those of the next token, or one of what each sequence is pooled to,
 * by the tower's own pool unless another is given.
 */
export type Head =
  | { readonly each: Layer }
  | { readonly next: Layer }
  | { readonly pooled: Layer; readonly pool?: Pool };

/** A network of one tower. */
export function towerNetwork(tower: Tower, head?: Head): Network {
  const turnings = new Turnings();
  const decoder =
    head !== undefined && 'next' in head ? createDecoder({ tower, head: head.next, turnings }) : undefined;
  return {
    takes: [
      'inputIds',
      'attentionMask',
      'positionIds',
      ...(tower.segments !== undefined ? (['tokenTypeIds'] as const) : []),
    ],
    longest: longestOf(tower),
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
          turnings,
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
    ...(decoder && { continuable: continuableOf(tower, decoder) }),
    dispose() {
      decoder?.dispose();
      turnings.dispose();
    },
  };
}

/** Some families have places before that of the first token. */
function longestOf({ maxPositions, positionRule }: Tower): number | undefined {
  const [first = 0] = positionRule?.(Int32Array.of(-1), Int32Array.of(1)) ?? [];
  return maxPositions === undefined ? undefined : maxPositions - first;
}

const continuableOf = (tower: Tower, decoder: Decoder): Continuable => ({
  maxPositions: tower.maxPositions,
  begin({ inputIds, attentionMask }) {
    const tokens = readTokens('inputIds', { ids: inputIds, mask: attentionMask }, tower);
    return towerSession({ decoder, prompts: inputIds!, mask: rowsOfMask(tokens) });
  },
});

function statesOf({ last, hidden, attentions }: StackResult, batch: number, asked: RunOptions): Outputs {
  return {
    lastHiddenState: toSequences(last, batch),
    ...(asked.hiddenStates === true && { hiddenStates: hidden.map((rows) => toSequences(rows, batch)) }),
    ...(asked.attentions === true && { attentions: [...attentions] }),
  };
}

const logitsOf = (head: Head, last: Rows, pooled: Rows | undefined, batch: number): tf.Tensor =>
  'pooled' in head ? head.pooled(pooled ?? last) : toSequences(('each' in head ? head.each : head.next)(last), batch);
