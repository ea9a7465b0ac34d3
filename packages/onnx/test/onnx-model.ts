import protobuf from 'protobufjs/light.js';

/** Writes models of one `Attention` node, and tensors, as files of ONNX hold them. Field numbers are those of onnx.proto. */
const field = (id: number, type: string, rule?: string): object => ({ id, type, ...(rule && { rule }) });
const schema = protobuf.Root.fromJSON({
  nested: {
    Model: { fields: { ir: field(1, 'int64'), graph: field(7, 'Graph'), opset: field(8, 'Opset', 'repeated') } },
    Opset: { fields: { domain: field(1, 'string'), version: field(2, 'int64') } },
    Graph: {
      fields: {
        node: field(1, 'Node', 'repeated'),
        name: field(2, 'string'),
        constant: field(5, 'Tensor', 'repeated'),
        input: field(11, 'Value', 'repeated'),
        output: field(12, 'Value', 'repeated'),
      },
    },
    Node: {
      fields: {
        input: field(1, 'string', 'repeated'),
        output: field(2, 'string', 'repeated'),
        opType: field(4, 'string'),
        attribute: field(5, 'Attribute', 'repeated'),
        domain: field(7, 'string'),
      },
    },
    Attribute: {
      fields: { name: field(1, 'string'), f: field(2, 'float'), i: field(3, 'int64'), type: field(20, 'int32') },
    },
    Value: { fields: { name: field(1, 'string'), type: field(2, 'Type') } },
    Type: { fields: { tensor: field(1, 'TensorType') } },
    TensorType: { fields: { elem: field(1, 'int32'), shape: field(2, 'Shape') } },
    Shape: { fields: { dim: field(1, 'Dim', 'repeated') } },
    Dim: { fields: { value: field(1, 'int64') } },
    Tensor: {
      fields: {
        dims: field(1, 'int64', 'repeated'),
        type: field(2, 'int32'),
        float: field(4, 'float', 'repeated'),
        int32: field(5, 'int32', 'repeated'),
        int64: field(7, 'int64', 'repeated'),
        name: field(8, 'string'),
        raw: field(9, 'bytes'),
        double: field(10, 'double', 'repeated'),
        location: field(14, 'int32'),
      },
    },
  },
} as protobuf.INamespace);

export const ELEMENT = { float32: 1, int32: 6, int64: 7, bool: 9, float16: 10, float64: 11, bfloat16: 16 } as const;

export interface Operand {
  readonly name: string;
  readonly dtype: 'float32' | 'bool';
  readonly shape: readonly number[];
}

/** A TensorProto, as it may be and as it mustn't. */
export interface EncodedTensor {
  readonly name?: string;
  readonly dims: readonly number[];
  readonly type: number;
  readonly raw?: Uint8Array;
  readonly float?: readonly number[];
  readonly int32?: readonly number[];
  readonly int64?: readonly number[];
  readonly double?: readonly number[];
  readonly location?: number;
}

export function encodeTensor(tensor: EncodedTensor): Uint8Array {
  return encode('Tensor', tensor);
}

export interface EncodedModel {
  /** Operands are named by their places in the operator: Q, K, … and Y, … */
  readonly inputs: readonly Operand[];
  readonly outputs: readonly Operand[];
  /** Floats where the operator wants floats (`scale`, `softcap`), else ints. */
  readonly attributes?: Readonly<Record<string, number>>;
  readonly opset?: number;
  readonly constants?: readonly EncodedTensor[];
  /** The graph's inputs when they come in another order. */
  readonly order?: readonly string[];
  /** Of each node; the first one has the operands. */
  readonly ops?: readonly string[];
  readonly domain?: string;
}

const INPUTS = ['Q', 'K', 'V', 'attn_mask', 'past_key', 'past_value', 'nonpad_kv_seqlen'];
const OUTPUTS = ['Y', 'present_key', 'present_value', 'qk_matmul_output'];

export function encodeModel(model: EncodedModel): Uint8Array {
  const { inputs, outputs, attributes = {}, opset = 23, constants = [], ops = ['Attention'], domain = '' } = model;
  const { order = inputs.map(({ name }) => name) } = model;
  const value = ({ name, dtype, shape }: Operand): object => ({
    name,
    type: { tensor: { elem: ELEMENT[dtype], shape: { dim: shape.map((length) => ({ value: length })) } } },
  });
  const isFloat = (name: string): boolean => name === 'scale' || name === 'softcap';
  const known = [...inputs, ...constants, ...outputs].map(({ name }) => name);
  const [first, ...others] = ops;
  return encode('Model', {
    ir: 10,
    opset: [{ domain: '', version: opset }],
    graph: {
      name: 'attention',
      constant: constants,
      node: [
        {
          input: placed(INPUTS, known),
          output: placed(OUTPUTS, known),
          opType: first,
          domain,
          attribute: Object.entries(attributes).map(([name, number]) =>
            isFloat(name) ? { name, f: number, type: 1 } : { name, i: number, type: 2 },
          ),
        },
        ...others.map((opType) => ({ opType })),
      ],
      input: order.map((name) => value(inputs.find((input) => input.name === name)!)),
      output: outputs.map(value),
    },
  });
}

/** What is absent has an empty name, unless nothing follows. */
function placed(places: readonly string[], known: readonly (string | undefined)[]): string[] {
  const names = places.map((place) => (known.includes(place) ? place : ''));
  return names.slice(0, names.findLastIndex((name) => name !== '') + 1);
}

/** A model of one output, for engines that only take whole models. */
export function attentionModel(
  inputs: readonly Operand[],
  output: Operand,
  attributes: Readonly<Record<string, number>>,
): Uint8Array {
  return encodeModel({ inputs, outputs: [output], attributes });
}

function encode(name: string, message: object): Uint8Array {
  const type = schema.lookupType(name);
  return type.encode(type.fromObject(message)).finish();
}
