import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { HeedError, type Position, type SymbolicNumber, type SymbolicTensor } from '@heed/core';
import type { GraphMessage, NodeMessage } from '../protobuf.js';
import { CONSTANT_OPERATORS, constantOf } from './constant-operators.js';
import { ELEMENTWISE_OPERATORS } from './elementwise-operators.js';
import { numberOf, type GraphValue } from './symbols.js';

/** A graph from scores to scores, or from weights to weights, as a formula of one position. */
export interface Modifier {
  /** What the graph computes without the scores, where the formula reads it: of four axes, of length 1 where nothing varies. */
  readonly captures: Readonly<Record<string, Tensor>>;
  formula(at: Position, input: SymbolicNumber, read: Readonly<Record<string, SymbolicTensor>>): SymbolicNumber;
}

type Shape = readonly [batch: number, heads: number, queries: number, keys: number];

/** A graph may name millions of nodes; no test of ONNX has a hundred. */
const MOST_NODES = 1000;

/**
 * Goes through a graph twice: first what doesn't depend on its input is computed, as tensors; then the rest, which has to be
 * elementwise, becomes a formula.
 *
 * @throws HeedError INVALID_ARGUMENT, FILE_INVALID with what can't be mapped
 */
export function modifierOf(what: string, graph: GraphMessage, shape: Shape): Modifier {
  const { input: inputs, output: outputs, node: nodes } = graph;
  if (inputs.length !== 1 || outputs.length !== 1) {
    throw invalid(`${what} has ${inputs.length} inputs and ${outputs.length} outputs, not one of each`);
  }
  if (nodes.length > MOST_NODES) throw invalid(`${what} has ${nodes.length} nodes, more than ${MOST_NODES}`);
  const [{ name: input }] = inputs;
  const [{ name: result }] = outputs;
  const { constants, symbolic } = fold(what, graph, input, shape);
  const wanted = [...symbolic.flatMap((node) => node.input), result].filter((name) => constants.has(name));
  const captures = Object.fromEntries(
    wanted.map((name) => [name, onFourAxes(what, name, constants.get(name)!, shape)]),
  );
  return {
    captures,
    formula(at, given, read) {
      const values = new Map<string, GraphValue>([[input, given]]);
      const valueOf = (name: string): GraphValue => {
        const value = values.get(name) ?? readAt(at, captures[name], read[name]);
        if (value === undefined) throw invalid(`${what}: '${name}' isn't computed before it is used`);
        return value;
      };
      for (const node of symbolic) {
        const operator = ELEMENTWISE_OPERATORS[node.opType];
        if (operator === undefined || node.output.length !== 1) {
          throw invalid(
            `${what}: ${node.opType} of what depends on '${input}' is no elementwise operator that is known`,
          );
        }
        const args = node.input.map((name) => (name === '' ? undefined : valueOf(name)));
        values.set(node.output[0], operator(args, node));
      }
      return numberOf(valueOf(result));
    },
  };
}

/** What can be computed without the input, by name; and the nodes that need it, in order. */
function fold(
  what: string,
  { node: nodes, initializer }: GraphMessage,
  input: string,
  shape: Shape,
): { readonly constants: ReadonlyMap<string, Tensor>; readonly symbolic: readonly NodeMessage[] } {
  const constants = new Map<string, Tensor>(
    initializer.map((message) => [message.name, constantOf(message, `${what}: constant '${message.name}'`)]),
  );
  const depends = new Set([input]);
  const symbolic: NodeMessage[] = [];
  for (const node of nodes) {
    // The shape of what depends on the input is the input's.
    const isShape = node.opType === 'Shape' && depends.has(node.input[0]);
    if (!isShape && node.input.some((name) => depends.has(name))) {
      symbolic.push(node);
      for (const name of node.output) depends.add(name);
      continue;
    }
    const operator = CONSTANT_OPERATORS[node.opType];
    if (operator === undefined || node.output.length !== 1)
      throw invalid(`${what}: operator ${node.opType} is unknown`);
    const args = isShape
      ? [tf.zeros([...shape])]
      : node.input.map((name) => {
          const tensor = constants.get(name);
          if (tensor === undefined && name !== '') throw invalid(`${what}: '${name}' isn't computed before it is used`);
          return tensor;
        });
    constants.set(node.output[0], operator(args, node));
  }
  return { constants, symbolic };
}

/** As ONNX broadcasts: from the right. */
function onFourAxes(what: string, name: string, tensor: Tensor, shape: Shape): Tensor {
  const axes = [...Array<number>(Math.max(0, 4 - tensor.rank)).fill(1), ...tensor.shape];
  if (axes.length !== 4 || axes.some((length, axis) => length !== 1 && length !== shape[axis])) {
    throw invalid(`${what}: '${name}' [${tensor.shape}] doesn't broadcast to [${shape}]`);
  }
  return tf.reshape(tensor, axes);
}

function readAt(at: Position, tensor?: Tensor, read?: SymbolicTensor): GraphValue | undefined {
  if (tensor === undefined || read === undefined) return undefined;
  const place = [at.batch, at.head, at.query, at.key];
  const number = read.at(...place.map((index, axis) => (tensor.shape[axis] === 1 ? 0 : index)));
  return tensor.dtype === 'bool' ? number.ne(0) : number;
}

const invalid = (message: string): HeedError => new HeedError('FILE_INVALID', { message });
