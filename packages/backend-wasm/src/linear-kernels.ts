import type { AttentionKernels, LinearAttentionRequest, LinearInputs } from '@heed/core';
import { util, type TensorInfo } from '@tensorflow/tfjs-core';
import type { WasmEngine } from './engine.js';
import { withOutputs } from './outputs.js';
import type { Kernels } from './wasm-module.js';

type Request = LinearAttentionRequest;

/** Columns of the state that go through registers at once. */
const BLOCK = 16;
const FLOAT = 4;
const DOUBLE = 8;
/** Decays that JavaScript computes, to half a spacing of float32, in less time than a step takes; of more, SIMD is off by up to two. */
const FEW = 2 ** 16;

/** The kernels of `linearAttention`: one call of the module for each key head, whose state stands in scratch memory. */
export function linearKernels(engine: WasmEngine, kernels: Kernels): NonNullable<AttentionKernels['linearAttention']> {
  const at = (tensor: TensorInfo): number => engine.address(tensor);
  const floats = (address: number, count: number): Float32Array =>
    new Float32Array(engine.memory.buffer, address, count);
  const floatsOf = (tensor: TensorInfo): Float32Array => floats(at(tensor), util.sizeFromShape(tensor.shape));

  return {
    forward: (inputs, request) =>
      withOutputs(engine, (make) => {
        const { batch, heads, keyHeads, queries, width, valueWidth, normalize, returnState } = request;
        const context = make([batch, heads, queries, valueWidth]);
        const state = returnState ? make([batch, keyHeads, width, valueWidth]) : undefined;
        const normalizer = returnState && normalize ? make([batch, keyHeads, width]) : undefined;
        if (request.lengths !== null) floatsOf(context).fill(0); // past a row's length
        const { columns, stateBytes } = sizesOf(request);
        const vectors = FLOAT * (2 * columns + width);
        engine.withScratch(stateBytes + vectors + factorBytes(inputs), (scratch) => {
          const factors = factorsOf(inputs, scratch + stateBytes + vectors);
          forEachHead(request, (head) => {
            const { places, step } = placesOf(engine, inputs, request, factors, head);
            spread(inputs.initialState, inputs.initialNormalizer, request, head.at, scratch);
            kernels.linearForward(
              ...places,
              scratch,
              scratch + stateBytes,
              at(context) + head.query * queries * valueWidth * FLOAT,
              queries * valueWidth * FLOAT,
              step.count,
              width,
              valueWidth,
              columns,
              Number(normalize),
              request.scale,
            );
            if (state) gather(state, normalizer, request, head.at, scratch);
          });
        });
        return { context, ...(state && { state }), ...(normalizer && { normalizer }) };
      }),

    backward: (inputs, request) =>
      withOutputs(engine, (make) => {
        const { queries, keys, width, valueWidth, normalize, lengths } = request;
        const { logDecay, beta, initialState, initialNormalizer, dContext } = inputs;
        const [dQuery, dKey, dValue] = [make(inputs.query.shape), make(inputs.key.shape), make(inputs.value.shape)];
        const dLogDecay = logDecay && make(logDecay.shape);
        const dBeta = beta && make(beta.shape);
        const dInitialState = initialState && make(initialState.shape);
        const dInitialNormalizer = initialNormalizer && make(initialNormalizer.shape);
        if (lengths !== null) for (const gradient of [dQuery, dKey, dValue]) floatsOf(gradient).fill(0);
        const { columns, stateBytes } = sizesOf(request);
        const work = kernels.linearBackwardScratch(stateBytes, columns, width, keys) >>> 0;
        const sizes = { decays: sizeOf(logDecay), strengths: sizeOf(beta) };
        const sumBytes = DOUBLE * (sizes.decays + sizes.strengths);
        engine.withScratch(2 * stateBytes + work + sumBytes + factorBytes(inputs), (scratch) => {
          const [state, dState, rest] = [scratch, scratch + stateBytes, scratch + 2 * stateBytes];
          const [decaySums, strengthSums] = [rest + work, rest + work + DOUBLE * sizes.decays];
          const sums = (address: number, count: number): Float64Array =>
            new Float64Array(engine.memory.buffer, address, count);
          sums(decaySums, sizes.decays + sizes.strengths).fill(0);
          const factors = factorsOf(inputs, decaySums + sumBytes);
          forEachHead(request, (head) => {
            const { places, offsets, step } = placesOf(engine, inputs, request, factors, head);
            spread(initialState, initialNormalizer, request, head.at, state);
            spread(inputs.dState, inputs.dNormalizer, request, head.at, dState);
            kernels.linearBackward(
              ...places,
              state,
              rest,
              at(dContext) + head.query * queries * valueWidth * FLOAT,
              queries * valueWidth * FLOAT,
              dState,
              at(dQuery) + head.query * queries * width * FLOAT,
              at(dKey) + step.first * width * FLOAT,
              at(dValue) + step.first * valueWidth * FLOAT,
              logDecay ? decaySums + DOUBLE * offsets.decay : 0,
              beta ? strengthSums + DOUBLE * offsets.beta : 0,
              step.count,
              width,
              valueWidth,
              columns,
              Number(normalize),
              request.scale,
            );
            if (dInitialState) gather(dInitialState, dInitialNormalizer, request, head.at, dState);
          });
          if (dLogDecay) floatsOf(dLogDecay).set(sums(decaySums, sizes.decays));
          if (dBeta) floatsOf(dBeta).set(sums(strengthSums, sizes.strengths));
        });
        return {
          dQuery,
          dKey,
          dValue,
          ...(dLogDecay && { dLogDecay }),
          ...(dBeta && { dBeta }),
          ...(dInitialState && { dInitialState }),
          ...(dInitialNormalizer && { dInitialNormalizer }),
        };
      }),
  };

  /** What each step leaves, e^g, at an address; 0 without a decay. */
  function factorsOf({ logDecay }: LinearInputs, to: number): number {
    if (logDecay === undefined) return 0;
    const logs = floatsOf(logDecay);
    // That of many steps must be as exact as a float is, since what it is off by grows with each.
    if (logs.length < FEW) floats(to, logs.length).set(logs.map((log) => Math.exp(log)));
    else kernels.exp(at(logDecay), to, logs.length);
    return to;
  }

  /** Puts a state and its normaliser where the module has them: in columns, with zeros beside; zeros for what isn't given. */
  function spread(
    main: TensorInfo | undefined,
    beside: TensorInfo | undefined,
    request: Request,
    head: number,
    to: number,
  ): void {
    const { width, valueWidth } = request;
    const { columns } = sizesOf(request);
    const state = floats(to, width * columns).fill(0);
    const [values, last] = [main && floatsOf(main), beside && floatsOf(beside)];
    for (let d = 0, row = head * width; d < width; d++, row++) {
      if (values) state.set(values.subarray(row * valueWidth, (row + 1) * valueWidth), d * columns);
      if (last) state[d * columns + valueWidth] = last[row]!;
    }
  }

  /** The same the other way round. */
  function gather(
    main: TensorInfo,
    beside: TensorInfo | undefined,
    request: Request,
    head: number,
    from: number,
  ): void {
    const { width, valueWidth } = request;
    const { columns } = sizesOf(request);
    const state = floats(from, width * columns);
    const [values, last] = [floatsOf(main), beside && floatsOf(beside)];
    for (let d = 0, row = head * width; d < width; d++, row++) {
      values.set(state.subarray(d * columns, d * columns + valueWidth), row * valueWidth);
      if (last) last[row] = state[d * columns + valueWidth]!;
    }
  }
}

const sizeOf = (tensor: TensorInfo | undefined): number =>
  tensor === undefined ? 0 : util.sizeFromShape(tensor.shape);
const factorBytes = ({ logDecay }: LinearInputs): number => FLOAT * sizeOf(logDecay);

interface Head {
  readonly b: number;
  readonly h: number;
  /** b·Hk + h */
  readonly at: number;
  /** Number of its first query head, of all rows'. */
  readonly query: number;
}

function forEachHead({ batch, heads, keyHeads }: Request, visit: (head: Head) => void): void {
  for (let b = 0; b < batch; b++) {
    for (let h = 0; h < keyHeads; h++) visit({ b, h, at: b * keyHeads + h, query: b * heads + h * (heads / keyHeads) });
  }
}

function sizesOf({ width, valueWidth, normalize }: Request): { columns: number; stateBytes: number } {
  const columns = Math.ceil((valueWidth + Number(normalize)) / BLOCK) * BLOCK;
  return { columns, stateBytes: width * columns * FLOAT };
}

/** Addresses and strides of a key head's inputs, in the order of the module's arguments, and its steps. */
function placesOf(
  engine: WasmEngine,
  inputs: LinearInputs,
  request: Request,
  factors: number,
  { b, h, at, query }: Head,
) {
  const { heads, keyHeads, queries, keys, width, valueWidth, lengths } = request;
  const first = at * keys;
  const place = (shape: readonly number[] | null) => {
    if (shape === null) return { offset: 0, step: 0, last: 0 };
    const [batchStride, headStride, step, last] = stridesOf(shape);
    return { offset: b * batchStride + h * headStride, step: step * FLOAT, last: last * FLOAT };
  };
  const decay = place(request.logDecay);
  const beta = place(request.beta && [...request.beta, 1]);
  const places = [
    engine.address(inputs.query) + query * queries * width * FLOAT,
    queries * width * FLOAT,
    heads / keyHeads,
    engine.address(inputs.key) + first * width * FLOAT,
    engine.address(inputs.value) + first * valueWidth * FLOAT,
    factors === 0 ? 0 : factors + decay.offset * FLOAT,
    decay.step,
    decay.last,
    inputs.beta === undefined ? 0 : engine.address(inputs.beta) + beta.offset * FLOAT,
    beta.step,
  ] as const;
  return { places, offsets: { decay: decay.offset, beta: beta.offset }, step: { first, count: lengths?.[b] ?? keys } };
}

/** Strides of four axes; 0 along those of length 1. */
function stridesOf([a, b, c, d]: readonly number[]): readonly [number, number, number, number] {
  const along = (length: number, stride: number): number => (length === 1 ? 0 : stride);
  return [along(a!, b! * c! * d!), along(b!, c! * d!), along(c!, d!), along(d!, 1)];
}
