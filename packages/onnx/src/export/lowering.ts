import { HeedError } from '@heed/core';
import { areSame, type ArrayOf } from './arrays.js';
import { DATA_TYPES, GraphWriter, type AxisSource } from './graph-writer.js';
import { isSameValue } from './is-same-value.js';
import { KERNELS } from './kernels/index.js';
import type { Call, Operand, Result } from './kernels/kernel.js';
import { leafRules, type LeafRules } from './leaves.js';
import { reachable } from './reachable.js';
import { createSizeSolver, type Size } from './sizes.js';
import type { TracedBody, TracedNode, TracedValue } from './traced.js';
import type { Traces } from './traces.js';

// What is computed before, to be part of the model, may be this much larger than what it is computed from.
const MOST_GROWTH = 4096;

/** Turns what traces have in common into nodes. */
export class Lowering {
  readonly write: GraphWriter;
  readonly #traces: Traces;
  readonly #leafRules: LeafRules;
  readonly #narrowed = new Map<string, string>();
  readonly #names = new Map<TracedNode, readonly string[]>();
  readonly #parameters = new Map<TracedValue, string>();
  readonly #leaves = new Map<TracedValue, string>();
  readonly #fixed = new Map<TracedValue, boolean>();
  readonly #used: ReadonlySet<TracedValue>;

  constructor(traces: Traces, axes: Readonly<Record<string, AxisSource>>) {
    this.#traces = traces;
    this.#leafRules = leafRules(traces);
    this.write = new GraphWriter(createSizeSolver(traces.assignments), axes, traces.limits.shortest);
    this.#used = reachable(Object.values(traces.base.outputs));
  }

  /** Takes an int64 input of the model as what the graph knows, int32. */
  narrow(input: string): void {
    this.#narrowed.set(input, this.write.op('Cast', [input], { to: DATA_TYPES.int32 }));
  }

  /** The name of a value of the first trace, with what it needs written before it. */
  nameOf(value: TracedValue): string {
    // Not by recursion: a chain of calls may be longer than the stack is deep.
    const pending = [value];
    for (let next = pending.at(-1); next !== undefined; next = pending.at(-1)) {
      const missing = this.#isWritten(next) ? [] : this.#needs(next).filter((input) => !this.#isWritten(input));
      if (missing.length > 0) {
        pending.push(...missing);
        continue;
      }
      if (!this.#isWritten(next)) this.#writeValue(next);
      pending.pop();
    }
    return this.#known(value)!;
  }

  #known(value: TracedValue): string | undefined {
    const { origin } = value;
    if (origin.kind === 'input') return this.#narrowed.get(origin.name) ?? origin.name;
    if (origin.kind === 'parameter') return this.#parameters.get(value);
    return (
      this.#leaves.get(value) ?? (origin.kind === 'node' ? this.#names.get(origin.node)?.[origin.index] : undefined)
    );
  }

  #isWritten(value: TracedValue): boolean {
    return this.#known(value) !== undefined;
  }

  #needs(value: TracedValue): readonly TracedValue[] {
    return value.origin.kind === 'node' && !this.#isLeaf(value) ? value.origin.node.inputs : [];
  }

  /** Whether a value is numbers of the model, or made of sizes by no node. */
  #isLeaf(value: TracedValue): boolean {
    if (value.origin.kind === 'host') return true;
    if (!value.isKnown || value.origin.kind !== 'node') return false;
    return this.#traces.isMadeOtherwise(value) || this.#isFolded(value);
  }

  #isFolded(value: TracedValue): boolean {
    const { origin } = value;
    if (origin.kind !== 'node' || !this.#isFixed(value) || !this.#traces.tracer.canEvaluate(value)) return false;
    const given = origin.node.inputs.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
    return sizeOf(value.shape) <= given + MOST_GROWTH;
  }

  /** Whether a value that depends on no input is the same in all traces. */
  #isFixed(value: TracedValue): boolean {
    const known = this.#fixed.get(value);
    if (known !== undefined) return known;
    const all = this.#traces.all(value);
    const { origin } = value;
    const fixed =
      origin.kind === 'node'
        ? !this.#traces.isMadeOtherwise(value) &&
          all.every(({ shape }) => isSameValue(shape, value.shape)) &&
          isSameValue(...sameOrNot(all.map(nodeOf).map(({ attributes }) => attributes))) &&
          origin.node.inputs.every((input) => this.#isFixed(input))
        : all.every((one) => areSame(this.#arrayOf(one), this.#arrayOf(value)));
    this.#fixed.set(value, fixed);
    return fixed;
  }

  #arrayOf(value: TracedValue): ArrayOf {
    return { shape: value.shape, values: this.#traces.tracer.evaluate(value) };
  }

  #writeValue(value: TracedValue): void {
    if (this.#isLeaf(value)) this.#leaves.set(value, this.#writeLeaf(value));
    else this.#writeNode(nodeOf(value));
  }

  #writeLeaf(value: TracedValue): string {
    const { dtype, origin } = value;
    if (origin.kind === 'node' && this.#isFolded(value)) {
      return this.write.constant(dtype, value.shape, this.#traces.tracer.evaluate(value), 'folded');
    }
    return this.#leafRules.write(this.write, value);
  }

  #writeNode(node: TracedNode): void {
    const kernel = KERNELS[node.kernel];
    const all = node.outputs.some((output) => this.#used.has(output))
      ? this.#traces.all(node.outputs.find((output) => this.#used.has(output))!).map(nodeOf)
      : [node];
    const operands = node.inputs.map((input, n): Operand => ({
      name: this.#known(input)!,
      dtype: input.dtype,
      shape: shapesOf(all.map(({ inputs }) => inputs[n])),
    }));
    const results = (values: (node: TracedNode) => readonly TracedValue[]): readonly Result[] =>
      values(node).map(({ dtype }, n) => ({ dtype, shape: shapesOf(all.map((one) => values(one)[n])) }));
    const call = callOf(this.write, all, {
      inputs: operands,
      outputs: results(({ outputs }) => outputs),
      isUsed: (n) => this.#used.has(node.outputs[n]),
      body: () => ({
        parameters: results((one) => bodyOf(one).parameters),
        results: results((one) => bodyOf(one).results),
        write: (names) => {
          const { parameters, results } = bodyOf(node);
          parameters.forEach((parameter, n) => this.#parameters.set(parameter, names[n]));
          return results.map((result) => this.nameOf(result));
        },
      }),
    });
    this.#names.set(node, kernel.write(call));
  }
}

function bodyOf({ kernel, body }: TracedNode): TracedBody {
  if (body === undefined) throw new TypeError(`${kernel} is no loop`);
  return body;
}

const sizeOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

function sameOrNot(all: readonly object[]): [object, object] {
  const [first] = all;
  return [first, all.find((one) => !isSameValue(one, first)) ?? first];
}

function nodeOf({ origin }: TracedValue): TracedNode {
  if (origin.kind !== 'node') throw new TypeError('a value that no node makes was taken for one');
  return origin.node;
}

const shapesOf = (values: readonly TracedValue[]): readonly Size[] =>
  values[0].shape.map((_, axis) => values.map(({ shape }) => shape[axis]));

function callOf(
  write: GraphWriter,
  nodes: readonly TracedNode[],
  given: Pick<Call, 'inputs' | 'outputs' | 'isUsed' | 'body'>,
): Call {
  const { inputs } = given;
  const [{ kernel, names }] = nodes;
  const refuse = (why: string): never => {
    throw new HeedError('INVALID_ARGUMENT', {
      message: `exportGraph: ${kernel} [${inputs.map(({ shape }) => shape.map(([n]) => n).join(', ')).join('] [')}]: ${why}`,
      hint: 'compute it another way',
      details: { op: kernel },
    });
  };
  const same = <T>(what: string, of: (node: TracedNode) => T): T => {
    const [first, ...others] = nodes.map(of);
    if (others.some((one) => !isSameValue(one, first))) refuse(`its ${what} depends on the free axes`);
    return first;
  };
  return {
    ...given,
    kernel,
    write,
    refuse,
    same,
    has: (name) => names.includes(name),
    input: (name) => inputs[names.indexOf(name)],
    attribute: <T>(name: string) => same(name, ({ attributes }) => attributes[name]) as T,
    sizes(of) {
      const all = nodes.map(of);
      return all[0].map((_, n) => all.map((numbers) => numbers[n]));
    },
  };
}
