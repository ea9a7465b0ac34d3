import { encodeModel, type EncodedAttribute, type EncodedGraph } from '../protobuf.js';
import { DATA_TYPES, type Attribute, type Block, type Initializer, type Port } from './graph-writer.js';

/** That of ONNX 1.18, which has opset 23. */
const IR_VERSION = 11;
const OPSET = 23;

/** AttributeProto.AttributeType */
const ATTRIBUTE_TYPES = { float: 1, int: 2, string: 3, graph: 5, ints: 7 } as const;

/** A graph with its constants as the bytes of a ModelProto. */
export const encodeGraph = (graph: Block, initializers: readonly Initializer[]): Uint8Array =>
  encodeModel({
    irVersion: IR_VERSION,
    producerName: 'heed',
    opsetImport: [{ domain: '', version: OPSET }],
    graph: { ...encodedBlock(graph), initializer: initializers.map(encodedInitializer) },
  });

const encodedBlock = ({ name, nodes, inputs, outputs }: Block): EncodedGraph => ({
  name,
  node: nodes.map(({ op, inputs: input, outputs: output, attributes }) => ({
    opType: op,
    input,
    output,
    name: output.find((one) => one !== '') ?? op,
    attribute: Object.entries(attributes).map(([name, value]) => encodedAttribute(name, value)),
  })),
  input: inputs.map(encodedPort),
  output: outputs.map(encodedPort),
});

function encodedAttribute(name: string, value: Attribute): EncodedAttribute {
  if (typeof value === 'number') return { name, type: ATTRIBUTE_TYPES.int, i: value };
  if (typeof value === 'string') return { name, type: ATTRIBUTE_TYPES.string, s: value };
  if ('float' in value) return { name, type: ATTRIBUTE_TYPES.float, f: value.float };
  if ('graph' in value) return { name, type: ATTRIBUTE_TYPES.graph, g: encodedBlock(value.graph) };
  return { name, type: ATTRIBUTE_TYPES.ints, ints: value };
}

const encodedPort = ({ name, type, shape }: Port) => ({
  name,
  type: {
    tensorType: {
      elemType: DATA_TYPES[type],
      shape: {
        dim: shape.map((size) => {
          if (size === undefined) return {};
          return typeof size === 'string' ? { dimParam: size } : { dimValue: size };
        }),
      },
    },
  },
});

/** Numbers are little-endian in ONNX, as on every machine that runs JavaScript engines. */
const encodedInitializer = ({ name, type, shape, values }: Initializer) => ({
  name,
  dims: shape,
  dataType: DATA_TYPES[type],
  rawData: new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
});
