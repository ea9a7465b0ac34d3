import protobuf from 'protobufjs/light.js';

/** Writes a model of one `Attention` node, for engines that only take whole models. Field numbers are those of onnx.proto. */
const field = (id: number, type: string, rule?: string): object => ({ id, type, ...(rule && { rule }) });
const schema = protobuf.Root.fromJSON({
  nested: {
    Model: { fields: { ir: field(1, 'int64'), graph: field(7, 'Graph'), opset: field(8, 'Opset', 'repeated') } },
    Opset: { fields: { domain: field(1, 'string'), version: field(2, 'int64') } },
    Graph: {
      fields: {
        node: field(1, 'Node', 'repeated'),
        name: field(2, 'string'),
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
  },
} as protobuf.INamespace);

const ELEMENT = { float32: 1, bool: 9 } as const;

export interface Operand {
  readonly name: string;
  readonly dtype: keyof typeof ELEMENT;
  readonly shape: readonly number[];
}

/** Attributes are floats where the operator wants floats (`scale`, `softcap`), else ints. */
export function attentionModel(
  inputs: readonly Operand[],
  output: Operand,
  attributes: Readonly<Record<string, number>>,
): Uint8Array {
  const places = ['Q', 'K', 'V', 'attn_mask'];
  const names = places.map((place) => inputs.find(({ name }) => name === place)?.name ?? '');
  const value = ({ name, dtype, shape }: Operand): object => ({
    name,
    type: { tensor: { elem: ELEMENT[dtype], shape: { dim: shape.map((length) => ({ value: length })) } } },
  });
  const isFloat = (name: string): boolean => name === 'scale' || name === 'softcap';
  const type = schema.lookupType('Model');
  const message = type.fromObject({
    ir: 10,
    opset: [{ domain: '', version: 23 }],
    graph: {
      name: 'attention',
      node: [
        {
          input: names.slice(0, names.findLastIndex((name) => name !== '') + 1),
          output: [output.name],
          opType: 'Attention',
          attribute: Object.entries(attributes).map(([name, number]) =>
            isFloat(name) ? { name, f: number, type: 1 } : { name, i: number, type: 2 },
          ),
        },
      ],
      input: inputs.map(value),
      output: [value(output)],
    },
  });
  return type.encode(message).finish();
}
