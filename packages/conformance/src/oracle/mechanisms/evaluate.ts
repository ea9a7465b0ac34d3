import type { TensorValue } from '../../example.js';
import type { MechanismInstance } from '../../mechanisms/example.js';
import { parameterName, stateName } from '../../mechanisms/names.js';
import { isPresent } from '../../mechanisms/ragged.js';
import type { Round } from '../arithmetic.js';
import type { Node } from '../tape.js';
import type { Attended, Formula, Parameters, Row } from './formula.js';
import { Maths, type Cube, type Matrix, type Vector } from './maths.js';
import { FORMULAS } from './table.js';

type Arrays = Readonly<Record<string, Float64Array>>;

/** A tensor of numbers on a tape. */
interface Taped {
  readonly shape: readonly number[];
  readonly nodes: readonly Node[];
}

type TapedByName = Readonly<Record<string, Taped>>;

/** What a mechanism is to give. */
export interface EvaluatedMechanism {
  /** `context`, `weights`, and the tensors of the state after the last step by their names. */
  readonly outputs: Readonly<Record<string, { readonly shape: readonly number[]; readonly values: Float64Array }>>;
  /** Gradients of Σ output∘cotangent in the instance's tensors, by the names that they have there. */
  gradients(cotangents: Readonly<Record<string, ArrayLike<number>>>): Arrays;
}

/** The formula of an instance's kind, on a tape of numbers that are rounded. */
export function evaluateMechanism(instance: MechanismInstance, round: Round): EvaluatedMechanism {
  const maths = new Maths(round);
  const tensors: TapedByName = Object.fromEntries(
    Object.entries(instance.tensors).map(([name, tensor]) => [name, tapedOn(maths, tensor)]),
  );
  // The kind says which configuration it is.
  const formula = FORMULAS[instance.example.kind] as Formula<unknown>;
  const [batch] = instance.tensors['query'].shape;
  const parameters = parametersOf(tensors);
  const rows = Array.from({ length: batch }, (_, b) => formula({ maths, parameters, ...rowOf(instance, tensors, b) }));
  const outputs = outputsOf(rows, instance);
  return {
    outputs: Object.fromEntries(
      Object.entries(outputs).map(([name, { shape, nodes }]) => [
        name,
        { shape, values: Float64Array.from(nodes, (node) => maths.value(node)) },
      ]),
    ),
    gradients(cotangents) {
      const names = Object.keys(cotangents);
      const all = maths.gradients(
        names.flatMap((name) => outputs[name].nodes),
        names.flatMap((name) => Array.from(cotangents[name])),
      );
      return Object.fromEntries(
        Object.entries(tensors).map(([name, { nodes }]) => [name, Float64Array.from(nodes, (node) => all[node])]),
      );
    },
  };
}

const tapedOn = (maths: Maths, { shape, values }: TensorValue): Taped => ({
  shape,
  nodes: Array.from(values, (x) => maths.constant(x)),
});

function rowOf(
  { example: { ragged = false, causal = false }, config, states }: MechanismInstance,
  tensors: TapedByName,
  b: number,
): Omit<Row<unknown>, 'maths' | 'parameters'> {
  const present = (j: number): boolean => !ragged || isPresent(b, j);
  const ofRow = ({ shape: [, ...shape], nodes }: Taped): Taped => {
    const size = shape.reduce((a, c) => a * c, 1);
    return { shape, nodes: nodes.slice(b * size, (b + 1) * size) };
  };
  const given = Object.keys(states).filter((name) => tensors[stateName(name)] !== undefined);
  return {
    config,
    query: nested(ofRow(tensors['query'])) as Matrix,
    memory: nested(ofRow(tensors['memory'])) as Matrix,
    present,
    open: (i, j) => present(j) && (!causal || j <= i),
    state: Object.fromEntries(given.map((name) => [name, ofRow(tensors[stateName(name)]).nodes])),
  };
}

function parametersOf(tensors: TapedByName): Parameters {
  const all = new Map(Object.entries(tensors).map(([name, tensor]) => [name, nested(tensor)]));
  const find = (key: string): Nested | undefined => all.get(parameterName(key));
  return {
    has: (key) => find(key) !== undefined,
    number: (key) => find(key) as Node,
    vector: (key) => find(key) as Vector,
    matrix: (key) => find(key) as Matrix,
    cube: (key) => find(key) as Cube,
  };
}

type Nested = Node | readonly Nested[];

function nested({ shape, nodes }: Taped): Nested {
  const [length, ...rest] = shape;
  if (length === undefined) return nodes[0];
  const size = rest.reduce((a, b) => a * b, 1);
  return Array.from({ length }, (_, n) => nested({ shape: rest, nodes: nodes.slice(n * size, (n + 1) * size) }));
}

function outputsOf(rows: readonly Attended[], { states }: MechanismInstance): TapedByName {
  const stacked = (all: readonly Nested[]): Taped => ({ shape: shapeOf(all), nodes: flat(all) });
  return {
    context: stacked(rows.map(({ context }) => context)),
    weights: stacked(rows.map(({ weights }) => weights)),
    ...Object.fromEntries(
      Object.entries(states).map(([name, shape]) => [
        name,
        { shape: [rows.length, ...shape], nodes: rows.flatMap(({ state }) => state?.[name] ?? []) },
      ]),
    ),
  };
}

const shapeOf = (x: Nested): number[] => (typeof x === 'number' ? [] : [x.length, ...shapeOf(x[0])]);
const flat = (x: Nested): Node[] => (typeof x === 'number' ? [x] : x.flatMap(flat));
