import type { Json } from '../files/read-json.js';

/** One tensor of a graph: which output of which call of which layer. */
export class TensorRef {
  constructor(
    readonly layer: string,
    readonly call: number,
    readonly output: number,
  ) {}

  /** Unique within its graph. */
  get key(): string {
    return `${this.layer}/${this.call}/${this.output}`;
  }
}

/** An argument of a call: plain JSON with tensors anywhere in it. */
export type Argument =
  | TensorRef
  | string
  | number
  | boolean
  | null
  | readonly Argument[]
  | { readonly [name: string]: Argument };

/** One call of a layer, as Keras's Functional models have it in `inbound_nodes`. */
export interface CallSpec {
  readonly args: readonly Argument[];
  readonly kwargs: Readonly<Record<string, Argument>>;
}

/** A layer, or an op, of a model. */
export interface LayerSpec {
  readonly name: string;
  readonly className: string;
  /** Python module of its class; absent in files of Keras 2. */
  readonly module?: string;
  /** 'package>Name' of a custom class. */
  readonly registeredName?: string;
  readonly config: Json;
  readonly calls: readonly CallSpec[];
}

/** A model as a graph; a Sequential one is a chain. */
export interface ModelSpec {
  readonly name: string;
  readonly className: string;
  readonly trainable: boolean;
  readonly layers: readonly LayerSpec[];
  readonly inputs: readonly TensorRef[];
  readonly outputs: readonly TensorRef[];
  /** By how much the numbers of its calls begin above 0, where another model calls it: files of Keras 2 count its own making. */
  readonly firstCall: number;
}

/** Tensors of an argument, in order. */
export function refsIn(argument: Argument): TensorRef[] {
  if (argument instanceof TensorRef) return [argument];
  if (typeof argument !== 'object' || argument === null) return [];
  return Object.values(argument).flatMap(refsIn);
}
