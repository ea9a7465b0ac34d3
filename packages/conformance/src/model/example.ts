import type { Conv2dOptions, GeluAttributes, ModelOpName, SwishAttributes } from '@heed/core/model-ops';
import type { TensorValue } from '../example.js';

type Shape = readonly number[];

/** Which classes are right, and what each row counts. */
interface Targets {
  readonly ids: readonly number[];
  readonly weights: readonly number[];
  readonly smoothing: number;
}

/** What each op is given besides tensors, as plain data. */
export interface ModelOptions {
  readonly lstmGates: { readonly active?: readonly number[] };
  readonly gruReset: object;
  readonly gruUpdate: { readonly active?: readonly number[] };
  readonly lookup: { readonly ids: readonly number[] };
  readonly lookupSums: {
    readonly from: readonly number[];
    readonly to: readonly number[];
    readonly factors: readonly number[];
    readonly rows: number;
  };
  readonly addBias: object;
  readonly addResidual: object;
  readonly tanhLayer: object;
  readonly rectifiedLayer: object;
  readonly maxoutLayer: object;
  readonly squaredRelu: object;
  readonly gelu: GeluAttributes;
  readonly geluLayer: GeluAttributes;
  readonly swish: SwishAttributes;
  readonly dropout: {
    readonly rate: number;
    readonly seed: number;
    readonly index: number;
    readonly name: number;
  };
  readonly layerNorm: object;
  readonly firstColumns: { readonly count: number };
  readonly toPositions: {
    readonly directions: readonly ('forward' | 'backward')[];
    readonly lengths: readonly number[];
  };
  readonly toSteps: { readonly direction: 'forward' | 'backward'; readonly lengths: readonly number[] };
  readonly crossEntropy: Targets;
  readonly copyCrossEntropy: Targets & {
    /** The number of each symbol of each source; those from V on are beyond the vocabulary. */
    readonly sources: readonly (readonly number[])[];
  };
  readonly coverageLoss: { readonly counts: readonly number[] };
  readonly adam: {
    readonly rate: number;
    readonly epsilon: number;
    readonly scale: number;
    readonly beta1: number;
    readonly beta2: number;
  };
  readonly squareSum: object;
  readonly rotaryEmbedding: {
    readonly layout: 'interleaved' | 'half';
    /** The row of the tables for the first position of each batch row. */
    readonly starts?: readonly number[];
    /** The row for each position. */
    readonly rows?: readonly number[];
  };
  readonly conv2d: Conv2dOptions;
  readonly tensorScatter: { readonly starts: readonly number[]; readonly axis?: number; readonly circular?: boolean };
}

/** Numbers of an input that aren't standard normal. */
export interface Drawing {
  /** Times this. */
  readonly magnitude?: number;
  /** Rounded to whole multiples of this, so that ties and exact sums occur. */
  readonly grid?: number;
  /** 'positive': their size. 'distribution': rows that sum to 1. */
  readonly as?: 'positive' | 'distribution';
  /** Rows of it, by number, that are filled with a value in the end. */
  readonly rows?: { readonly which: readonly number[]; readonly value: number | 'NaN' | 'Infinity' };
}

/** What is asked of a model op, as plain data; numbers are drawn from a case's seed. */
export type ModelExample<Name extends ModelOpName = ModelOpName> = {
  readonly [Op in Name]: {
    readonly op: Op;
    /** Shapes of the inputs by name, in the order of the op's definition: one shape, or one for each tensor of a list. */
    readonly shapes: Readonly<Record<string, Shape | readonly Shape[]>>;
    readonly options: ModelOptions[Op];
    /** How the numbers of an input are drawn, by its name; standard normal where nothing is said. */
    readonly draw?: Readonly<Record<string, Drawing>>;
  };
}[Name];

/** An example with its numbers. */
export interface ModelInstance {
  readonly example: ModelExample;
  readonly inputs: Readonly<Record<string, readonly TensorValue[]>>;
  /** The gradient of the loss in each result. */
  readonly cotangents: Readonly<Record<string, TensorValue>>;
}
