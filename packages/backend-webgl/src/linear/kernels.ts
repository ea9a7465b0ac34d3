import type { AttentionKernels, LinearAttentionRequest, LinearInputs } from '@heed/core';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { placeAll } from '../attention.js';
import { tilesOf, type Grid } from '../grid.js';
import { addSummed } from '../passes/sums.js';
import type { Scope } from '../scope.js';
import { deltaGradients, deltaStates, deltaValueGradients, strengthGradients } from './delta.js';
import { divide, divideBackward } from './quotient.js';
import { decayGradients, keyGradients, queryGradients, readStates, writeGradients } from './reads.js';
import { CHUNK, type BackSteps, type Steps, type WritingSteps } from './recurrence.js';
import { layState, placeNormalizer, placeState } from './state-tensors.js';
import { chunkGradients, chunkStates, stateAt, type StateSizes } from './states.js';
import { columnsOf, layOut, laySequences, layTensor, readingOf, wholeSteps, type Sequences } from './steps.js';

type LinearKernels = NonNullable<AttentionKernels['linearAttention']>;

/** Linear attention: states that are held every few steps, and passes that go on from there. */
export function linearKernels(run: <T>(kernel: (scope: Scope) => T) => T): LinearKernels {
  return {
    forward: (inputs, request) =>
      run((scope) => {
        const { batch, heads, keyHeads, queries, width, valueWidth, normalize, returnState } = request;
        const { sequences, reading, last, sizes } = written(scope, inputs, request);
        const read = readStates(scope, reading.steps, sequences.query, reading.states, reading.sizes);
        const contexts = normalize ? divide(scope, read, valueWidth) : read;
        const rows = layOut(scope, contexts, readingOf(request), heads);
        const context = placeAll(scope, rows, [batch, heads, queries, valueWidth]);
        if (!returnState) return { context };
        return {
          context,
          state: placeState(scope, last, [batch, keyHeads, width, valueWidth], sizes),
          ...(normalize && {
            normalizer: placeNormalizer(scope, last, [batch, keyHeads, width], request, sizes),
          }),
        };
      }),

    backward: (inputs, request) =>
      run((scope) => {
        const { heads, keyHeads, valueWidth, normalize, scale } = request;
        const forward = written(scope, inputs, request);
        const { sequences, steps, states, sizes, reading } = forward;
        const dContext = layTensor(scope, inputs.dContext, readingOf(request), heads, valueWidth);
        const read = (): Grid => readStates(scope, reading.steps, sequences.query, reading.states, reading.sizes);
        const dRead = normalize ? divideBackward(scope, read(), dContext, valueWidth) : dContext;
        const dLast = layState(scope, inputs.dState, inputs.dNormalizer, request, sizes);
        const { back, gradients } = unwritten(scope, forward, dRead, dLast);

        const placed = (tiles: Grid, shape: readonly number[]): TensorInfo =>
          placeAll(scope, layOut(scope, tiles, request, keyHeads), shape);
        const summed = (tiles: Grid, shape: readonly number[], columns: number): TensorInfo => {
          const rows = layOut(scope, tiles, request, keyHeads);
          const chunk = { n: 0, count: rows.n, row: 0, rows: rows.rows };
          return addSummed(
            scope,
            rows,
            shape,
            { heads: keyHeads, queries: request.keys, keys: columns },
            chunk,
            undefined,
          ).tensor;
        };
        const { logDecay, beta, initialState, initialNormalizer } = inputs;
        const dInitial = stateAt(gradients, sizes.chunks);
        const dValues = back.W
          ? deltaValueGradients(scope, back.W, sequences.beta!)
          : writeGradients(scope, back, gradients, sizes);
        const dQueries = queryGradients(scope, reading.steps, dRead, reading.states, reading.sizes);
        const dBeta = beta && summed(strengthGradients(scope, back.W!, steps.U), [...request.beta!, 1], 1);
        return {
          dQuery: placeAll(scope, layOut(scope, dQueries, readingOf(request), heads, scale), inputs.query.shape),
          dKey: placed(keyGradients(scope, back, states, gradients, sizes), inputs.key.shape),
          dValue: placed(dValues, inputs.value.shape),
          ...(logDecay && {
            dLogDecay: summed(decayGradients(scope, back, states, gradients, sizes), request.logDecay!, request.width),
          }),
          ...(dBeta && { dBeta: { ...dBeta, shape: beta!.shape } }),
          ...(initialState && { dInitialState: placeState(scope, dInitial, initialState.shape, sizes) }),
          ...(initialNormalizer && {
            dInitialNormalizer: placeNormalizer(scope, dInitial, initialNormalizer.shape, request, sizes),
          }),
        };
      }),
  };
}

interface Written {
  readonly sequences: Sequences;
  readonly steps: WritingSteps;
  /** Before each chunk and after the last. */
  readonly states: Grid;
  readonly last: Grid;
  readonly sizes: StateSizes;
  /** What queries go through: the same, or unless causal steps of their own that write nothing. */
  readonly reading: { readonly steps: Steps; readonly states: Grid; readonly sizes: StateSizes };
}

function written(scope: Scope, inputs: LinearInputs, request: LinearAttentionRequest): Written {
  const sizes = sizesOf(request);
  const sequences = laySequences(scope, inputs, request);
  const { key, value, decay, beta } = sequences;
  const initial = layState(scope, inputs.initialState, inputs.initialNormalizer, request, sizes);
  const through = (steps: WritingSteps, states: Grid): Written => {
    const last = stateAt(states, sizes.chunks);
    if (!request.bidirectional) return { sequences, steps, states, last, sizes, reading: { steps, states, sizes } };
    const own = sizesOf(readingOf(request));
    const reading = { steps: {}, states: chunkStates(scope, {}, last, own), sizes: own };
    return { sequences, steps, states, last, sizes, reading };
  };
  if (beta !== undefined) {
    const { rests, states } = deltaStates(scope, { ...sequences, beta }, initial, sizes);
    return through({ K: key, U: rests, ...(decay && { A: decay }), B: beta }, states);
  }
  const steps = { K: key, U: value, ...(decay && { A: decay }) };
  return through(steps, chunkStates(scope, steps, initial, sizes));
}

/** Gradients in states, from that after the last step. */
function unwritten(
  scope: Scope,
  { sequences, steps, sizes, reading }: Written,
  dRead: Grid,
  dLast: Grid,
): { readonly back: WritingSteps & BackSteps; readonly gradients: Grid } {
  const { query, beta } = sequences;
  const reads = { Q: query, D: dRead };
  if (reading.steps.K === undefined) {
    const all = stateAt(chunkGradients(scope, reads, dLast, reading.sizes), reading.sizes.chunks);
    return { back: steps, gradients: chunkGradients(scope, steps, all, sizes) };
  }
  const back = { ...steps, ...reads };
  if (beta === undefined) return { back, gradients: chunkGradients(scope, back, dLast, sizes) };
  const { writes, gradients } = deltaGradients(scope, { ...sequences, beta }, steps.U, dRead, dLast, sizes);
  return { back: { ...back, W: writes }, gradients };
}

function sizesOf(request: LinearAttentionRequest): StateSizes {
  const { batch, heads, keyHeads, width } = request;
  const steps = wholeSteps(request);
  return {
    heads,
    keyHeads,
    rows: batch * keyHeads,
    widthTiles: tilesOf(width),
    columnTiles: tilesOf(columnsOf(request)),
    steps,
    chunks: Math.ceil(steps / CHUNK),
  };
}
