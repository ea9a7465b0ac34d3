import type { AttentionKernels, LinearAttentionRequest, LinearInputs } from '@heed/core';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Scope } from '../scope.js';
import { advance, read, retreat, type Writing } from './columns.js';
import { laySequences, layQueries, type Sequences } from './lay.js';
import { divide, divideBackward } from './quotient.js';
import { keyGradients, queryGradients } from './row-gradients.js';
import { boundaryNumbers, sizesOf, type Sizes } from './sizes.js';
import { columnsFrom, layState, stateTensors, type Boundaries } from './state-tensors.js';
import { strengthen } from './strengths.js';
import { summedTo } from './sums.js';

type LinearKernels = NonNullable<AttentionKernels['linearAttention']>;
type Request = LinearAttentionRequest;

/** Linear attention: states are held every few steps, step by step, and everything else goes on from there in parallel. */
export function linearKernels(run: <T>(kernel: (scope: Scope) => T) => T): LinearKernels {
  return {
    forward: (inputs, request) =>
      run((scope) => {
        const { batch, heads, queries, valueWidth, normalize, returnState } = request;
        const sizes = sizesOf(request);
        const states = { tensor: scope.scratch(boundaryNumbers(sizes)), base: 0 };
        const sequences = laySequences(scope, inputs, request);
        const written = write(scope, sequences, inputs, states, restsFor(scope, sequences, sizes), sizes);
        const context = scope.output([batch, heads, queries, valueWidth]);
        const rows = batch * heads * queries;
        const read = normalize ? scope.scratch(rows * sizes.columns) : context;
        readAll(scope, sequences, written, states, request, read);
        if (normalize) divide(scope, read, rows, valueWidth, context);
        return { context, ...(returnState && stateTensors(scope, states, sizes.chunks, request, sizes)) };
      }),

    backward: (inputs, request) =>
      run((scope) => {
        const { batch, heads, keyHeads, queries, keys, width, valueWidth, normalize, scale, bidirectional } = request;
        const sizes = sizesOf(request);
        const { chunks, columns, rows } = sizes;
        const half = boundaryNumbers(sizes);
        const tensor = scope.scratch(2 * half);
        const [states, gradients] = [
          { tensor, base: 0 },
          { tensor, base: half },
        ];
        const sequences = laySequences(scope, inputs, request);
        const { key, decay, beta, query } = sequences;
        // Rests, and gradients in what is written.
        const pair = beta && scope.scratch(2 * rows * keys * columns);
        const writing = write(scope, sequences, inputs, states, pair, sizes);

        const dContext = layQueries(scope, inputs.dContext, request, valueWidth);
        const inRead = (): TensorInfo => {
          const read = scope.scratch(batch * heads * queries * columns);
          readAll(scope, sequences, writing, states, request, read);
          return divideBackward(scope, read, dContext, batch * heads * queries, valueWidth);
        };
        const dRead = normalize ? inRead() : dContext;

        const own = { query, dRead };
        const reading = bidirectional ? undefined : own;
        if (bidirectional) unread(scope, own, inputs, gradients, request);
        else layState(scope, inputs.dState, inputs.dNormalizer, gradients, chunks, sizes);

        const values = [batch, keyHeads, keys, valueWidth];
        const plainValues = pair ? undefined : scope.output(values);
        const at = rows * keys * columns;
        const back = {
          key,
          decay,
          beta,
          gradients: plainValues ? { tensor: plainValues, at: 0 } : { tensor: pair!, at },
        };
        retreat(scope, back, reading, gradients, scale, sizes);

        const strengths = pair && strengthen(scope, pair, beta!, sizes);
        const steps = { key, written: writing.written, decay };
        const dQuery = scope.output([batch, heads, queries, width]);
        queryGradients(
          scope,
          bidirectional ? undefined : steps,
          dRead,
          states,
          { scale, slot: chunks, output: dQuery },
          bidirectional ? sizesOf(request, queries) : sizes,
        );
        const dKey = scope.output([batch, keyHeads, keys, width]);
        const dLog = decay && scope.scratch(rows * keys * width);
        const keySide = { writing: steps, reading, at: pair && at, dKey, dLogDecay: dLog };
        keyGradients(scope, keySide, { ...states, gradientBase: half }, scale, sizes);

        const summed = (x: TensorInfo, last: number, like: TensorInfo, shape: readonly number[]): TensorInfo => {
          const output = scope.output(like.shape);
          const [b, h, t, w = 1] = shape as [number, number, number, number?];
          summedTo(scope, x, [batch, keyHeads, keys, last], [b, h, t, w], request, output);
          return output;
        };
        const initial = request.initialState ? stateTensors(scope, gradients, 0, request, sizes) : undefined;
        return {
          dQuery,
          dKey,
          dValue:
            plainValues ??
            columnsFrom(scope, pair!, at, { rows: rows * keys, columns, first: 0, length: valueWidth }, values),
          ...(dLog && { dLogDecay: summed(dLog, width, inputs.logDecay!, request.logDecay!) }),
          ...(strengths && { dBeta: summed(strengths, 1, inputs.beta!, request.beta!) }),
          ...(initial && { dInitialState: initial.state }),
          ...(initial?.normalizer && { dInitialNormalizer: initial.normalizer }),
        };
      }),
  };
}

const restsFor = (scope: Scope, { beta }: Sequences, { rows, steps, columns }: Sizes): TensorInfo | undefined =>
  beta && scope.scratch(rows * steps * columns);

/** Goes through the steps, and says what they have written. */
function write(
  scope: Scope,
  { key, value, decay, beta }: Sequences,
  { initialState, initialNormalizer }: LinearInputs,
  states: Boundaries,
  rests: TensorInfo | undefined,
  sizes: Sizes,
): Writing {
  layState(scope, initialState, initialNormalizer, states, 0, sizes);
  const steps = { key, decay, beta };
  advance(scope, { ...steps, written: value }, rests, states, sizes);
  return { ...steps, written: rests ?? value };
}

/** What queries read of the states, [B·Hq, Tq, C]. */
function readAll(
  scope: Scope,
  { query }: Sequences,
  writing: Writing,
  states: Boundaries,
  request: Request,
  output: TensorInfo,
): void {
  const { scale, bidirectional, queries } = request;
  if (!bidirectional) return read(scope, query, writing, states, { scale, output }, sizesOf(request));
  const slot = sizesOf(request).chunks;
  read(scope, query, undefined, states, { scale, slot, output }, sizesOf(request, queries));
}

/** Where all queries read the last state: the gradient in it, as that after the last key. */
function unread(
  scope: Scope,
  reading: { readonly query: TensorInfo; readonly dRead: TensorInfo },
  { dState, dNormalizer }: { readonly dState?: TensorInfo; readonly dNormalizer?: TensorInfo },
  gradients: Boundaries,
  request: Request,
): void {
  const sizes = sizesOf(request, request.queries);
  const through = { tensor: scope.scratch(boundaryNumbers(sizes)), base: 0 };
  layState(scope, dState, dNormalizer, through, sizes.chunks, sizes);
  retreat(scope, undefined, reading, through, request.scale, sizes);
  const { rows, width, columns, chunks } = sizesOf(request);
  const count = rows * width * columns;
  scope.engine.copy(through.tensor, 0, gradients.tensor, gradients.base + chunks * count, count);
}
