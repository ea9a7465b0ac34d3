import type { GraphType, InputType } from './graph.js';
import { isConstant, type Assignment, type Size, type SizeExpression, type SizeSolver } from './sizes.js';
import type { Values } from './traced.js';

/** Types of tensors that ONNX's side has, besides those of graphs. */
export type ElementType = InputType;

/** TensorProto.DataType */
export const DATA_TYPES: Readonly<Record<ElementType, number>> = { float32: 1, int32: 6, int64: 7, bool: 9 };

/** An attribute of a node: a whole number, a float, a text, whole numbers, or a graph. */
export type Attribute = number | { readonly float: number } | string | readonly number[] | { readonly graph: Block };

export interface WrittenNode {
  readonly op: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, Attribute>>;
}

export interface Initializer {
  readonly name: string;
  readonly type: ElementType;
  readonly shape: readonly number[];
  readonly values: Values | BigInt64Array;
}

/** A graph, or the body of a loop. */
export interface Block {
  readonly name: string;
  readonly nodes: readonly WrittenNode[];
  readonly inputs: readonly Port[];
  readonly outputs: readonly Port[];
}

/** An input or output of a graph; a string names a free axis, undefined an axis of unknown size. */
export interface Port {
  readonly name: string;
  readonly type: InputType;
  readonly shape: readonly (number | string | undefined)[];
}

/** The greatest int64: the end of an axis, whatever its length. */
export const TO_END = 2n ** 63n - 1n;
/** The least int64: before the beginning of an axis. */
export const TO_BEGINNING = -(2n ** 63n) + 1n;

/** Where the size of a free axis can be read from. */
export interface AxisSource {
  readonly input: string;
  readonly axis: number;
}

/** Writes the nodes of a model; names, constants and sizes are shared by all of its graphs. */
export class GraphWriter {
  readonly initializers: Initializer[] = [];
  #nodes: WrittenNode[] = [];
  #written = new Map<string, readonly string[]>();
  readonly #names = new Map<string, number>();
  readonly #constants = new Map<string, string>();
  readonly #sizes = new Map<string, string>();
  /** Nodes that compute sizes, which stand before all others. */
  readonly #sizeNodes: WrittenNode[] = [];

  constructor(
    readonly solver: SizeSolver,
    readonly axes: Readonly<Record<string, AxisSource>>,
    readonly shortest: Assignment,
  ) {}

  get nodes(): readonly WrittenNode[] {
    return [...this.#sizeNodes, ...this.#nodes];
  }

  /** A name that nothing else has. */
  nameFor(wish: string): string {
    const taken = this.#names.get(wish) ?? 0;
    this.#names.set(wish, taken + 1);
    if (taken === 0) return wish;
    return this.nameFor(`${wish}_${taken}`);
  }

  /** Writes a node with one output. */
  op(op: string, inputs: readonly string[], attributes: Readonly<Record<string, Attribute>> = {}): string {
    return this.ops(op, inputs, attributes, 1)[0];
  }

  /** Writes a node with several outputs. One that is there already isn't written again. */
  ops(op: string, inputs: readonly string[], attributes: Readonly<Record<string, Attribute>>, count: number): string[] {
    const key = JSON.stringify([op, inputs, attributes]);
    const known = this.#written.get(key);
    if (known !== undefined) return [...known];
    const outputs = Array.from({ length: count }, () => this.nameFor(op));
    this.#nodes.push({ op, inputs, outputs, attributes });
    this.#written.set(key, outputs);
    return outputs;
  }

  /** Gives a value a name of its own. */
  rename(value: string, name: string): void {
    this.#nodes.push({ op: 'Identity', inputs: [value], outputs: [name], attributes: {} });
  }

  /** The nodes that `write` writes, apart from the others. */
  block<T>(write: () => T): { readonly nodes: readonly WrittenNode[]; readonly result: T } {
    const [nodes, written] = [this.#nodes, this.#written];
    this.#nodes = [];
    this.#written = new Map(written);
    try {
      const result = write();
      return { nodes: this.#nodes, result };
    } finally {
      this.#nodes = nodes;
      this.#written = written;
    }
  }

  /** Numbers that are part of the model. Those that are alike are kept once. */
  constant(type: ElementType, shape: readonly number[], values: Values | BigInt64Array, name = 'constant'): string {
    const key = values.length <= MOST_COMPARED ? `${type}[${shape}]${identity(values)}` : undefined;
    const known = key === undefined ? undefined : this.#constants.get(key);
    if (known !== undefined) return known;
    const given = this.nameFor(name);
    this.initializers.push({ name: given, type, shape, values });
    if (key !== undefined) this.#constants.set(key, given);
    return given;
  }

  scalar(type: GraphType, value: number): string {
    return this.constant(type, [], ARRAYS[type].of(value) as Values);
  }

  /** int64 numbers in a row, of which none depends on an axis. */
  integers(values: readonly (number | bigint)[]): string {
    return this.constant('int64', [values.length], BigInt64Array.from(values, BigInt));
  }

  /** int64 [n], computed from the sizes of the graph's inputs where they depend on them. */
  sizes(what: string, sizes: readonly (Size | bigint)[]): string {
    if (sizes.every((size) => typeof size === 'bigint' || isConstant(size))) {
      return this.integers(sizes.map((size) => (typeof size === 'bigint' ? size : size[0])));
    }
    const parts = sizes.map((size) => (typeof size === 'bigint' ? this.integers([size]) : this.size(what, size)));
    if (parts.length === 1) return parts[0];
    return this.#shared(`concat ${parts.join()}`, 'Concat', parts, { axis: 0 });
  }

  /** int64 [1] */
  size(what: string, size: Size): string {
    return this.#sum(this.solver.solve(what, size));
  }

  /** What a size is where all axes are at their shortest. */
  least(what: string, size: Size): number {
    return this.solver.valueAt(what, size, this.shortest);
  }

  /** A size as a shape says it: a number, the name of an axis or what it is made of, or undefined where that can't be said. */
  describe(size: Size): number | string | undefined {
    const found = this.solver.find(size);
    if (found === undefined) return undefined;
    if (isConstant(size)) return size[0];
    return found
      .map(({ factor, axes }) => [...(factor === 1 && axes.length > 0 ? [] : [factor]), ...axes].join(' * '))
      .join(' + ');
  }

  #sum(expression: SizeExpression): string {
    const terms = expression.map(({ factor, axes }) => {
      const factors = axes.map((axis) => this.#axis(axis));
      if (factor !== 1 || axes.length === 0) factors.push(this.integers([factor]));
      return factors.reduce((a, b) => this.#shared(`${a} * ${b}`, 'Mul', [a, b]));
    });
    return terms.reduce((a, b) => this.#shared(`${a} + ${b}`, 'Add', [a, b]), terms.shift() ?? this.integers([0]));
  }

  #axis(axis: string): string {
    const { input, axis: at } = this.axes[axis];
    return this.#shared(`axis ${axis}`, 'Shape', [input], { start: at, end: at + 1 }, `size/${axis}`);
  }

  #shared(key: string, op: string, inputs: readonly string[], attributes = {}, wish = 'size'): string {
    const known = this.#sizes.get(key);
    if (known !== undefined) return known;
    const name = this.nameFor(wish);
    this.#sizeNodes.push({ op, inputs, outputs: [name], attributes });
    this.#sizes.set(key, name);
    return name;
  }
}

// 1 MB of float32. Greater constants are parameters, of which hardly two are alike.
const MOST_COMPARED = 2 ** 18;

const ARRAYS = { float32: Float32Array, int32: Int32Array, bool: Uint8Array } as const;

/** Tells numbers apart to the bit: a text with a character for each byte. */
const identity = ({ buffer, byteOffset, byteLength }: Values | BigInt64Array): string =>
  new TextDecoder('latin1').decode(new Uint8Array(buffer, byteOffset, byteLength));
