import protobuf from 'protobufjs/light.js';
import { HeedError } from '@heed/core';

/**
 * The part of ONNX's protobuf schema that its backend node tests use, by the field numbers of onnx.proto.
 *
 * @see https://github.com/onnx/onnx/blob/main/onnx/onnx.proto
 */
const fields = (
  entries: Record<string, [id: number, type: string, rule?: 'repeated']>,
): { fields: Record<string, { id: number; type: string; rule?: string }> } => ({
  fields: Object.fromEntries(
    Object.entries(entries).map(([name, [id, type, rule]]) => [name, { id, type, ...(rule && { rule }) }]),
  ),
});

const schema = protobuf.Root.fromJSON({
  nested: {
    ModelProto: fields({
      irVersion: [1, 'int64'],
      producerName: [2, 'string'],
      producerVersion: [3, 'string'],
      docString: [6, 'string'],
      graph: [7, 'GraphProto'],
      opsetImport: [8, 'OperatorSetIdProto', 'repeated'],
    }),
    OperatorSetIdProto: fields({ domain: [1, 'string'], version: [2, 'int64'] }),
    GraphProto: fields({
      node: [1, 'NodeProto', 'repeated'],
      name: [2, 'string'],
      initializer: [5, 'TensorProto', 'repeated'],
      input: [11, 'ValueInfoProto', 'repeated'],
      output: [12, 'ValueInfoProto', 'repeated'],
    }),
    ValueInfoProto: fields({ name: [1, 'string'], type: [2, 'TypeProto'] }),
    TypeProto: fields({ tensorType: [1, 'TensorTypeProto'] }),
    TensorTypeProto: fields({ elemType: [1, 'int32'], shape: [2, 'TensorShapeProto'] }),
    TensorShapeProto: fields({ dim: [1, 'DimensionProto', 'repeated'] }),
    DimensionProto: fields({ dimValue: [1, 'int64'], dimParam: [2, 'string'] }),
    NodeProto: fields({
      input: [1, 'string', 'repeated'],
      output: [2, 'string', 'repeated'],
      name: [3, 'string'],
      opType: [4, 'string'],
      attribute: [5, 'AttributeProto', 'repeated'],
      domain: [7, 'string'],
    }),
    AttributeProto: fields({
      name: [1, 'string'],
      f: [2, 'float'],
      i: [3, 'int64'],
      s: [4, 'string'],
      t: [5, 'TensorProto'],
      g: [6, 'GraphProto'],
      ints: [8, 'int64', 'repeated'],
      type: [20, 'int32'],
    }),
    TensorProto: fields({
      dims: [1, 'int64', 'repeated'],
      dataType: [2, 'int32'],
      floatData: [4, 'float', 'repeated'],
      int32Data: [5, 'int32', 'repeated'],
      int64Data: [7, 'int64', 'repeated'],
      name: [8, 'string'],
      rawData: [9, 'bytes'],
      doubleData: [10, 'double', 'repeated'],
      dataLocation: [14, 'int32'],
    }),
  },
});

export interface NodeMessage {
  readonly input: readonly string[];
  readonly output: readonly string[];
  readonly opType: string;
  readonly domain: string;
  readonly attribute: readonly {
    readonly name: string;
    readonly f: number;
    readonly i: number;
    readonly s: string;
    readonly t: TensorMessage | null;
    readonly g: GraphMessage | null;
    readonly ints: readonly number[];
    readonly type: number;
  }[];
}

export interface GraphMessage {
  readonly node: readonly NodeMessage[];
  readonly initializer: readonly TensorMessage[];
  readonly input: readonly { readonly name: string }[];
  readonly output: readonly { readonly name: string }[];
}

export interface ModelMessage {
  readonly graph: GraphMessage | null;
  readonly opsetImport: readonly { readonly domain: string; readonly version: number }[];
}

export interface TensorMessage {
  readonly dims: readonly number[];
  readonly dataType: number;
  readonly floatData: readonly number[];
  readonly int32Data: readonly number[];
  readonly int64Data: readonly number[];
  readonly doubleData: readonly number[];
  readonly rawData: Uint8Array;
  readonly name: string;
  readonly dataLocation: number;
}

/** What is written of an attribute: its value under the letter of its type. */
export interface EncodedAttribute {
  readonly name: string;
  readonly type: number;
  readonly f?: number;
  readonly i?: number;
  readonly s?: string;
  readonly g?: EncodedGraph;
  readonly ints?: readonly number[];
}

interface EncodedPort {
  readonly name: string;
  readonly type: {
    readonly tensorType: {
      readonly elemType: number;
      readonly shape: { readonly dim: readonly { readonly dimValue?: number; readonly dimParam?: string }[] };
    };
  };
}

export interface EncodedGraph {
  readonly name: string;
  readonly node: readonly {
    readonly name: string;
    readonly opType: string;
    readonly input: readonly string[];
    readonly output: readonly string[];
    readonly attribute: readonly EncodedAttribute[];
  }[];
  readonly initializer?: readonly {
    readonly name: string;
    readonly dims: readonly number[];
    readonly dataType: number;
    readonly rawData: Uint8Array;
  }[];
  readonly input: readonly EncodedPort[];
  readonly output: readonly EncodedPort[];
}

/** A model as it is written. */
export interface EncodedModel {
  readonly irVersion: number;
  readonly producerName: string;
  readonly opsetImport: ModelMessage['opsetImport'];
  readonly graph: EncodedGraph;
}

export function encodeModel(model: EncodedModel): Uint8Array {
  const type = schema.lookupType('ModelProto');
  return type.encode(type.fromObject(model)).finish();
}

export const decodeModel = (bytes: Uint8Array, what: string): ModelMessage => decode('ModelProto', bytes, what);
export const decodeTensor = (bytes: Uint8Array, what: string): TensorMessage => decode('TensorProto', bytes, what);

function decode<Message>(type: string, bytes: Uint8Array, what: string): Message {
  try {
    const message = schema.lookupType(type).decode(bytes);
    return schema.lookupType(type).toObject(message, { longs: Number, defaults: true, arrays: true }) as Message;
  } catch (cause) {
    throw new HeedError('FILE_INVALID', {
      message: `${what} is not an ONNX ${type}`,
      hint: 'the file is truncated or of another kind',
      cause,
    });
  }
}
