import { HeedError } from '@heed/core';
import { readOnnxTensor, type OnnxTensor } from './onnx-tensor.js';
import { decodeModel } from './protobuf.js';

/** The files of one ONNX backend node test. */
export interface OnnxFiles {
  readonly name: string;
  readonly model: Uint8Array;
  /** input_N.pb in order. */
  readonly inputs: readonly Uint8Array[];
  /** output_N.pb in order. */
  readonly outputs: readonly Uint8Array[];
}

/** One call of the `Attention` operator with its expected results, by the operator's own names. */
export interface OnnxCase {
  readonly name: string;
  readonly opset: number;
  readonly attributes: Readonly<Record<string, number>>;
  readonly inputs: Partial<Readonly<Record<OnnxInput, OnnxTensor>>>;
  readonly outputs: Partial<Readonly<Record<OnnxOutput, OnnxTensor>>>;
}

const INPUTS = ['Q', 'K', 'V', 'attn_mask', 'past_key', 'past_value', 'nonpad_kv_seqlen'] as const;
const OUTPUTS = ['Y', 'present_key', 'present_value', 'qk_matmul_output'] as const;
export type OnnxInput = (typeof INPUTS)[number];
export type OnnxOutput = (typeof OUTPUTS)[number];

// AttributeProto.AttributeType
const FLOAT = 1;
const INT = 2;

/**
 * Reads one test. The model must be a single `Attention` node; absent optional inputs have an empty name and no file.
 *
 * @throws HeedError FILE_INVALID with what doesn't fit
 */
export function readOnnxCase({ name, model, inputs, outputs }: OnnxFiles): OnnxCase {
  const { graph, opsetImport } = decodeModel(model, `${name}/model.onnx`);
  const [node, ...others] = graph?.node ?? [];
  if (node === undefined || others.length > 0 || node.opType !== 'Attention' || node.domain !== '') {
    const found = (graph?.node ?? []).map(({ domain, opType }) => (domain ? `${domain}.${opType}` : opType));
    throw new HeedError('FILE_INVALID', {
      message: `${name} is a graph of [${found}]`,
      hint: 'only tests of a single Attention node of the ONNX domain can be mapped',
    });
  }
  const attributes = Object.fromEntries(
    node.attribute.map(({ name: attribute, type, f, i }) => {
      if (type !== FLOAT && type !== INT) {
        throw new HeedError('FILE_INVALID', {
          message: `${name}: attribute ${attribute} is neither a float nor an int`,
        });
      }
      return [attribute, type === FLOAT ? f : i];
    }),
  );
  return {
    name,
    opset: opsetImport.find(({ domain }) => domain === '' || domain === 'ai.onnx')?.version ?? 0,
    attributes,
    inputs: byName(name, 'input', INPUTS, node.input, inputs),
    outputs: byName(name, 'output', OUTPUTS, node.output, outputs),
  };
}

/** The k-th file belongs to the k-th name that isn't empty; a name's place says what it is. */
function byName<Name extends string>(
  test: string,
  kind: string,
  places: readonly Name[],
  names: readonly string[],
  files: readonly Uint8Array[],
): Partial<Record<Name, OnnxTensor>> {
  const present = places.filter((_, place) => (names[place] ?? '') !== '');
  if (names.length > places.length || files.length !== present.length) {
    throw new HeedError('FILE_INVALID', {
      message: `${test}: the node has ${present.length} ${kind}s of ${names.length} named, but there are ${files.length} files`,
    });
  }
  return Object.fromEntries(
    present.map((place, k) => [place, readOnnxTensor(files[k]!, `${test}/${kind}_${k}.pb`)]),
  ) as Partial<Record<Name, OnnxTensor>>;
}
