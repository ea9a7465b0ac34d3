import { HeedError } from '@heed/core';
import { readOnnxTensor, tensorOf, type OnnxTensor } from './onnx-tensor.js';
import { decodeModel, type GraphMessage, type NodeMessage } from './protobuf.js';
import { SIGNATURES, isOperator, type InputOf, type OnnxOperator, type OutputOf } from './signatures.js';

/** The files of one data set of an ONNX backend node test. */
export interface OnnxFiles {
  readonly name: string;
  readonly model: Uint8Array;
  /** input_N.pb in order. */
  readonly inputs: readonly Uint8Array[];
  /** output_N.pb in order. */
  readonly outputs: readonly Uint8Array[];
}

/** One call of an operator with its expected results, by the operator's own names. */
export interface OnnxCase<Operator extends OnnxOperator = OnnxOperator> {
  readonly name: string;
  readonly operator: Operator;
  readonly opset: number;
  readonly attributes: Readonly<Record<string, number>>;
  /** Attributes that are graphs; absent when there are none. */
  readonly graphs?: Readonly<Record<string, GraphMessage>>;
  /** Attributes that are texts; absent when there are none. */
  readonly texts?: Readonly<Record<string, string>>;
  readonly inputs: Partial<Readonly<Record<InputOf<Operator>, OnnxTensor>>>;
  readonly outputs: Partial<Readonly<Record<OutputOf<Operator>, OnnxTensor>>>;
}

// AttributeProto.AttributeType
const FLOAT = 1;
const INT = 2;
const STRING = 3;
const GRAPH = 5;

/**
 * Reads one test. The model must be a single node of an operator of `SIGNATURES`, fed by the graph's inputs (one file each, in
 * order) and by its constants.
 *
 * @throws HeedError FILE_INVALID with what doesn't fit
 */
export function readOnnxCase({ name, model, inputs, outputs }: OnnxFiles): OnnxCase {
  const { graph, opsetImport } = decodeModel(model, `${name}/model.onnx`);
  if (graph === null) throw invalid(`${name}/model.onnx holds no graph`);
  const { node, operator } = onlyNode(name, graph);
  const signature = SIGNATURES[operator];
  const constants = graph.initializer.map(
    (message) => [message.name, tensorOf(message, `${name}: constant '${message.name}'`)] as const,
  );
  const fed = graph.input.map((input) => input.name).filter((input) => !constants.some(([known]) => known === input));
  const expected = graph.output.map((output) => output.name);
  if (expected.length === 0) throw invalid(`${name}: the graph has no outputs`);
  return {
    name,
    operator,
    opset: opsetImport.find(({ domain }) => isOnnx(domain))?.version ?? 0,
    ...attributesOf(name, node),
    inputs: byPlace(
      name,
      'input',
      operator,
      signature.inputs,
      node.input,
      new Map([...constants, ...read(name, 'input', fed, inputs)]),
    ),
    outputs: byPlace(name, 'output', operator, signature.outputs, node.output, read(name, 'output', expected, outputs)),
  };
}

function onlyNode(name: string, { node: nodes }: GraphMessage): { node: NodeMessage; operator: OnnxOperator } {
  const [node, ...others] = nodes;
  if (node !== undefined && others.length === 0 && isOperator(node.opType)) {
    const signature = SIGNATURES[node.opType];
    const domain = 'domain' in signature ? signature.domain : '';
    if (node.domain === domain || (domain === '' && isOnnx(node.domain))) return { node, operator: node.opType };
  }
  const found = nodes.map(({ domain, opType }) => (isOnnx(domain) ? opType : `${domain}.${opType}`));
  const kinds = [...new Set(found)].slice(0, MOST_NAMED).join(', ');
  throw new HeedError('FILE_INVALID', {
    message: `${name} is a graph of ${nodes.length} nodes (${kinds || 'none'})`,
    hint: `only tests of a single node can be mapped, of ${Object.keys(SIGNATURES).join(' or ')}`,
  });
}

const MOST_NAMED = 8;

const isOnnx = (domain: string): boolean => domain === '' || domain === 'ai.onnx';

function attributesOf(name: string, node: NodeMessage): Pick<OnnxCase, 'attributes' | 'graphs' | 'texts'> {
  const known = new Set([FLOAT, INT, STRING, GRAPH]);
  const odd = node.attribute.find(({ type, g }) => !known.has(type) || (type === GRAPH && g === null));
  if (odd !== undefined) throw invalid(`${name}: attribute ${odd.name} is neither a float, an int, a text nor a graph`);
  const graphs = node.attribute.filter(({ type }) => type === GRAPH);
  const texts = node.attribute.filter(({ type }) => type === STRING);
  const numbers = node.attribute.filter(({ type }) => type === FLOAT || type === INT);
  return {
    attributes: Object.fromEntries(
      numbers.map(({ name: attribute, type, f, i }) => [attribute, type === FLOAT ? f : i]),
    ),
    ...(graphs.length > 0 && { graphs: Object.fromEntries(graphs.map(({ name: attribute, g }) => [attribute, g!])) }),
    ...(texts.length > 0 && { texts: Object.fromEntries(texts.map(({ name: attribute, s }) => [attribute, s])) }),
  };
}

/** The k-th file holds the k-th of the graph's inputs or outputs. */
function read(
  test: string,
  kind: 'input' | 'output',
  names: readonly string[],
  files: readonly Uint8Array[],
): Map<string, OnnxTensor> {
  if (files.length !== names.length) {
    throw invalid(`${test}: the graph has ${names.length} ${kind}s, but there are ${files.length} files`);
  }
  return new Map(names.map((name, k) => [name, readOnnxTensor(files[k], `${test}/${kind}_${k}.pb`)]));
}

/** A name's place among the node's inputs or outputs says what it is; absent ones have an empty name. */
function byPlace<Name extends string>(
  test: string,
  kind: 'input' | 'output',
  operator: OnnxOperator,
  places: readonly Name[],
  names: readonly string[],
  tensors: ReadonlyMap<string, OnnxTensor>,
): Partial<Record<Name, OnnxTensor>> {
  if (names.length > places.length) {
    throw invalid(`${test}: the node has ${names.length} ${kind}s, ${operator} at most ${places.length}`);
  }
  const found: Partial<Record<Name, OnnxTensor>> = {};
  names.forEach((name, place) => {
    if (name === '') return;
    const tensor = tensors.get(name);
    // An output that the graph doesn't give out has nothing to be compared with.
    if (tensor === undefined && kind === 'input') throw invalid(`${test}: input '${name}' has no file and no constant`);
    if (tensor !== undefined) found[places[place]!] = tensor;
  });
  return found;
}

function invalid(message: string): HeedError {
  return new HeedError('FILE_INVALID', { message });
}
