import * as tf from '@tensorflow/tfjs-core';
import { HeedError } from '@heed/base';
import { tidy, toSequences } from '@heed/nn';
import type { StackResult } from '../layers/block.js';
import type { Layer, Rows } from '../layers/layer.js';
import { Turnings } from '../layers/turnings.js';
import { createDecoder } from './decoder.js';
import type { Inputs, Network } from './network.js';
import { presentOf, readTokens, rowsOfMask, type GivenTokens, type Ids } from './tokens.js';
import { towerSession } from './tower-session.js';
import { runTower, type Tower } from './tower.js';

/** States of an encoder. */
interface Encoded extends StackResult {
  readonly batch: number;
  /** Which of them are real, [B][T]; all when absent. */
  readonly mask?: Ids | undefined;
}

/** What reads the inputs of an encoder–decoder. */
export interface Encoder {
  readonly takes: readonly (keyof Inputs)[];
  encode(inputs: Inputs, returnWeights: boolean): Encoded;
  /** What the decoder sees of the states; the states themselves by default. */
  readonly bridge?: Layer;
}

/** An encoder of texts. */
export const textEncoder = (tower: Tower): Encoder => ({
  takes: ['inputIds', 'attentionMask'],
  encode({ inputIds, attentionMask }, returnWeights) {
    const tokens = readTokens('inputIds', { ids: inputIds, mask: attentionMask }, tower);
    const { batch, mask } = tokens;
    const result = runTower(tower, tokens, { present: presentOf(mask, batch), returnWeights });
    return { ...result, batch, mask: rowsOfMask(tokens) };
  },
});

/** An encoder, and a decoder whose blocks attend to its states. */
export function encoderDecoder(encoder: Encoder, decoder: Tower, head?: Layer): Network {
  const turnings = new Turnings();
  const steps = head && createDecoder({ tower: decoder, head, turnings });
  return {
    takes: [...encoder.takes, 'decoderInputIds', 'decoderAttentionMask'],
    run(inputs, { attentions, hiddenStates }) {
      const tokens = readTokens(
        'decoderInputIds',
        { ids: inputs.decoderInputIds, mask: inputs.decoderAttentionMask },
        decoder,
      );
      return tidy(() => {
        const returnWeights = attentions === true;
        const encoded = encoder.encode(inputs, returnWeights);
        const { batch } = tokens;
        checkBatch(encoded.batch, batch);
        const decoded = runTower(decoder, tokens, {
          present: presentOf(tokens.mask, batch),
          source: { rows: seenOf(encoder, encoded.last), present: presentOfRows(encoded.mask) },
          returnWeights,
          turnings,
        });
        const sequences = (rows: readonly tf.Tensor2D[]): tf.Tensor3D[] => rows.map((x) => toSequences(x, batch));
        return {
          ...(head !== undefined && { logits: toSequences(head(decoded.last), batch) }),
          lastHiddenState: toSequences(decoded.last, batch),
          encoderLastHiddenState: toSequences(encoded.last, batch),
          ...(hiddenStates === true && {
            encoderHiddenStates: sequences(encoded.hidden),
            decoderHiddenStates: sequences(decoded.hidden),
          }),
          ...(returnWeights && {
            encoderAttentions: encoded.attentions,
            decoderAttentions: decoded.attentions,
            crossAttentions: decoded.crossAttentions,
          }),
        };
      });
    },
    ...(steps !== undefined && {
      continuable: {
        maxPositions: decoder.maxPositions,
        begin(inputs, start) {
          const { decoderInputIds: ids, decoderAttentionMask } = inputs;
          if (ids === undefined && start.length === 0) throw withoutStart();
          const begun = ids && withStart({ ids, mask: decoderAttentionMask }, start);
          const given = begun && readTokens('decoderInputIds', begun, decoder);
          const { rows, batch, mask } = encodeApart(encoder, inputs, given?.batch);
          const ones = (count: number): Ids =>
            Array.from({ length: batch }, () => Array.from({ length: count }, () => 1));
          return towerSession({
            decoder: steps,
            prompts: begun?.ids ?? Array.from({ length: batch }, () => start),
            mask: given === undefined ? ones(start.length) : rowsOfMask(given),
            source: { rows, mask: mask ?? ones(rows.shape[0] / batch) },
          });
        },
      },
    }),
    dispose() {
      steps?.dispose();
      turnings.dispose();
    },
  };
}

/** Prompts of a decoder after the token that it starts with, where none of them has it, as transformers puts it before them. */
function withStart({ ids, mask }: GivenTokens & { readonly ids: Ids }, start: readonly number[]) {
  const isBegun = start.length !== 1 || !Array.isArray(ids) || ids.some((row) => row?.[0] === start[0]);
  if (isBegun) return { ids, mask };
  return { ids: ids.map((row) => [...start, ...row]), mask: mask?.map((row) => [1, ...row]) };
}

const seenOf = ({ bridge }: Encoder, states: Rows): Rows => bridge?.(states) ?? states;

/** What a decoder sees of an encoder, which lives until it is disposed of. */
function encodeApart(
  encoder: Encoder,
  inputs: Inputs,
  decoded?: number,
): Pick<Encoded, 'batch' | 'mask'> & { readonly rows: Rows } {
  let about: Pick<Encoded, 'batch' | 'mask'> = { batch: 0 };
  const rows = tf.tidy(() => {
    const { last, batch, mask } = encoder.encode(inputs, false);
    about = { batch, mask };
    checkBatch(batch, decoded ?? batch);
    return tf.clone(seenOf(encoder, last));
  });
  return { ...about, rows: tf.keep(rows) };
}

const presentOfRows = (mask: Ids | undefined): tf.Tensor2D | undefined =>
  mask && presentOf(Int32Array.from(mask.flat()), mask.length);

const withoutStart = (): HeedError =>
  new HeedError('INVALID_ARGUMENT', {
    message: 'generate: nothing says what the decoder starts with',
    hint: 'give decoderInputIds, or decoderStartTokenId',
  });

function checkBatch(encoded: number, decoded: number): void {
  if (encoded === decoded) return;
  throw new HeedError('SHAPE_MISMATCH', {
    message: `the encoder has ${encoded} sequences, and the decoder ${decoded}`,
    hint: 'give each input its own decoderInputIds',
    details: { encoded, decoded },
  });
}
