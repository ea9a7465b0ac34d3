import { HeedError } from '@heed/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readOnnxCase, type OnnxFiles } from '../src/onnx-case.js';
import { readOnnxTensor, roundTo, type OnnxDtype } from '../src/onnx-tensor.js';
import {
  ELEMENT,
  encodeModel,
  encodeTensor,
  type EncodedModel,
  type EncodedTensor,
  type Operand,
} from './onnx-model.js';

const bytesOf = (array: { buffer: ArrayBufferLike }): Uint8Array => new Uint8Array(array.buffer);

interface Form {
  readonly dtype: OnnxDtype;
  readonly numbers: readonly number[];
  readonly raw: Uint8Array;
  readonly typed: Partial<EncodedTensor>;
}

const halfBits = [0x3c00, 0xc000, 0x0001, 0x7bff, 0xfc00, 0x8000];
const brainBits = [0x3f80, 0xc000, 0x0080, 0x7f7f, 0xff80, 0x8000];
const longs = [0, 1, -2, 2 ** 40, -(2 ** 40), Number.MAX_SAFE_INTEGER];
const doubles = [0.1, -0, 1e300, 5e-324, Infinity, -Infinity];

/** The same numbers as raw bytes (little-endian) and in the field that their type has; each has shape [2, 3]. */
const FORMS: readonly Form[] = [
  {
    dtype: 'float32',
    numbers: [1, -0.5, Math.fround(0.1), 2 ** -149, Infinity, -0],
    raw: bytesOf(Float32Array.of(1, -0.5, 0.1, 2 ** -149, Infinity, -0)),
    typed: { float: [1, -0.5, 0.1, 2 ** -149, Infinity, -0] },
  },
  { dtype: 'float64', numbers: doubles, raw: bytesOf(Float64Array.from(doubles)), typed: { double: doubles } },
  {
    dtype: 'float16',
    numbers: [1, -2, 2 ** -24, 65504, -Infinity, -0],
    raw: bytesOf(Uint16Array.from(halfBits)),
    typed: { int32: halfBits },
  },
  {
    dtype: 'bfloat16',
    numbers: [1, -2, 2 ** -126, 255 * 2 ** 120, -Infinity, -0],
    raw: bytesOf(Uint16Array.from(brainBits)),
    typed: { int32: brainBits },
  },
  {
    dtype: 'int32',
    numbers: [0, 1, -1, 7, 2 ** 31 - 1, -(2 ** 31)],
    raw: bytesOf(Int32Array.of(0, 1, -1, 7, 2 ** 31 - 1, -(2 ** 31))),
    typed: { int32: [0, 1, -1, 7, 2 ** 31 - 1, -(2 ** 31)] },
  },
  { dtype: 'int64', numbers: longs, raw: bytesOf(BigInt64Array.from(longs.map(BigInt))), typed: { int64: longs } },
  {
    dtype: 'bool',
    numbers: [0, 1, 1, 0, 0, 1],
    raw: Uint8Array.of(0, 1, 255, 0, 0, 2),
    typed: { int32: [0, 1, 255, 0, 0, 2] },
  },
];

const tensor = (dtype: OnnxDtype, rest: Partial<EncodedTensor>): Uint8Array =>
  encodeTensor({ name: 't', dims: [2, 3], type: ELEMENT[dtype], ...rest });

describe.each(FORMS)('tensors of $dtype', ({ dtype, numbers, raw, typed }) => {
  it.each([
    ['raw', { raw }],
    ['typed', typed],
  ])('are read from %s data', (_, data) => {
    const read = readOnnxTensor(tensor(dtype, data), 'file');
    expect(read).toMatchObject({ name: 't', dtype, shape: [2, 3] });
    expect([...read.data]).toEqual(numbers);
  });

  it.each([
    ['raw', { raw }],
    ['typed', typed],
  ])('are refused when the %s data is cut off, anywhere', (_, data) => {
    const whole = tensor(dtype, { name: undefined, ...data }); // so that the data comes last
    for (let length = 0; length < whole.length; length++) {
      expect(
        codeOf(() => readOnnxTensor(whole.slice(0, length), 'file')),
        `${length} bytes`,
      ).toBe('FILE_INVALID');
    }
  });

  it('are refused when the data is that of another type', () => {
    const other = FORMS.find((form) => Object.keys(form.typed)[0] !== Object.keys(typed)[0])!;
    expect(codeOf(() => readOnnxTensor(tensor(dtype, other.typed), 'file'))).toBe('FILE_INVALID');
  });
});

describe('tensors', () => {
  it.each<[string, Partial<EncodedTensor>, RegExp]>([
    ['fewer elements than the shape says', { dims: [2, 4] }, /8 elements, but holds 6/],
    ['a huge shape', { dims: [2 ** 40, 2 ** 40] }, /but holds 6/],
    ['a negative axis', { dims: [-2, -3] }, /shape \[-2,-3\]/],
    ['an axis that no number holds', { dims: [2 ** 60, 0] }, /shape/],
    ['a great many axes', { dims: Array<number>(10_000).fill(1) }, /has 10000 axes/],
    ['data in another file', { location: 1 }, /in another file/],
    ['an unknown type', { type: 8 }, /ONNX data type 8/],
    ['no type', { type: 0 }, /ONNX data type 0/],
  ])('with %s are refused', (_, spoiled, reason) => {
    const bytes = tensor('float32', { float: [1, 2, 3, 4, 5, 6], ...spoiled });
    expect(() => readOnnxTensor(bytes, 'file')).toThrow(reason);
    expect(codeOf(() => readOnnxTensor(bytes, 'file'))).toBe('FILE_INVALID');
  });

  it('may be empty, or a scalar', () => {
    expect(readOnnxTensor(tensor('float32', { dims: [0, 3] }), 'file')).toMatchObject({ shape: [0, 3] });
    expect([...readOnnxTensor(tensor('int64', { dims: [], int64: [7] }), 'file').data]).toEqual([7]);
  });
});

describe('rounding to a format', () => {
  it('is what storing does, ties to even', () => {
    expect([2049, 2051, 65519, 65520, 2 ** -25, 2 ** -24 * 1.5, -0].map((x) => roundTo('float16', x))).toEqual([
      2048,
      2052,
      65504,
      Infinity,
      0,
      2 ** -23,
      -0,
    ]);
    expect([257, 259, 1 + 2 ** -9, 3.4e38].map((x) => roundTo('bfloat16', x))).toEqual([256, 260, 1, Infinity]);
    expect(roundTo('float32', 0.1)).toBe(Math.fround(0.1));
    expect([NaN, Infinity].map((x) => roundTo('float16', x))).toEqual([NaN, Infinity]);
  });
});

const operand = (name: string, dtype: Operand['dtype'] = 'float32'): Operand => ({ name, dtype, shape: [1] });
const file = (value: number): Uint8Array => encodeTensor({ dims: [1], type: ELEMENT.float32, float: [value] });

function files(model: Partial<EncodedModel> = {}, rest: Partial<OnnxFiles> = {}): OnnxFiles {
  const { inputs = ['Q', 'K', 'V'].map((name) => operand(name)), outputs = [operand('Y')] } = model;
  return {
    name: 'test',
    model: encodeModel({ inputs, outputs, ...model }),
    inputs: inputs.map((_, n) => file(n)),
    outputs: outputs.map((_, n) => file(10 + n)),
    ...rest,
  };
}

const firsts = (tensors: object): object =>
  Object.fromEntries(
    Object.entries(tensors).map(([name, { data }]: [string, { data: Float64Array }]) => [name, data[0]]),
  );

describe('cases', () => {
  it('have their operands by place, attributes and opset', () => {
    const inputs = ['Q', 'K', 'V', 'nonpad_kv_seqlen'].map((name) => operand(name));
    const outputs = ['Y', 'qk_matmul_output'].map((name) => operand(name));
    const read = readOnnxCase(files({ inputs, outputs, attributes: { is_causal: 1, scale: 0.25 }, opset: 24 }));
    expect(read).toMatchObject({ name: 'test', opset: 24, attributes: { is_causal: 1, scale: 0.25 } });
    expect(firsts(read.inputs)).toEqual({ Q: 0, K: 1, V: 2, nonpad_kv_seqlen: 3 });
    expect(firsts(read.outputs)).toEqual({ Y: 10, qk_matmul_output: 11 });
  });

  it("take files in the order of the graph's inputs, and constants from the model", () => {
    const inputs = ['Q', 'K', 'V'].map((name) => operand(name));
    const read = readOnnxCase(files({ inputs, order: ['V', 'K', 'Q'] }));
    expect(firsts(read.inputs)).toEqual({ V: 0, K: 1, Q: 2 });

    const constant = { name: 'V', dims: [1], type: ELEMENT.float32, float: [7] };
    const withConstant = readOnnxCase(files({ inputs: inputs.slice(0, 2), constants: [constant] }));
    expect(firsts(withConstant.inputs)).toEqual({ Q: 0, K: 1, V: 7 });
  });

  it("may name ONNX's domain", () => {
    expect(readOnnxCase(files({ domain: 'ai.onnx' })).name).toBe('test');
  });

  it.each<[string, OnnxFiles, RegExp]>([
    ['an expanded function', files({ ops: ['MatMul', 'Softmax', 'MatMul'] }), /3 nodes \(MatMul, Softmax\)/],
    ['another operator', files({ ops: ['Softmax'] }), /1 nodes \(Softmax\)/],
    ["another's Attention", files({ domain: 'com.microsoft' }), /com\.microsoft\.Attention/],
    ['no nodes', files({}, { model: new Uint8Array() }), /no graph/],
    ['too few files', files({}, { inputs: [file(0)] }), /3 inputs, but there are 1 files/],
    ['too many files', files({}, { outputs: [file(0), file(1)] }), /1 outputs, but there are 2 files/],
    ['no outputs', files({ outputs: [] }), /no outputs/],
    [
      'an input that comes from nowhere',
      files({ order: ['Q', 'K'] }, { inputs: [file(0), file(1)] }),
      /'V' has no file/,
    ],
    ['a file that is no tensor', files({}, { inputs: [file(0), file(1), Uint8Array.of(255)] }), /input_2\.pb/],
    [
      'a model that is none',
      files({}, { model: Uint8Array.of(0x3a, 200, 1) }),
      /model\.onnx is not an ONNX ModelProto/,
    ],
  ])('of %s are refused with the reason', (_, spoiled, reason) => {
    expect(() => readOnnxCase(spoiled)).toThrow(reason);
    expect(codeOf(() => readOnnxCase(spoiled))).toBe('FILE_INVALID');
  });

  it('of whatever bytes are read or refused, nothing else', () => {
    const whole = files();
    const parts: (keyof OnnxFiles)[] = ['model', 'inputs', 'outputs'];
    fc.assert(
      fc.property(fc.constantFrom(...parts), fc.nat(), fc.nat(255), fc.nat(400), (part, at, byte, length) => {
        const spoil = (bytes: Uint8Array): Uint8Array => {
          const copy = bytes.slice(0, Math.max(length, 1));
          copy[at % copy.length] = byte;
          return copy;
        };
        const value = whole[part];
        const spoiled = {
          ...whole,
          [part]: value instanceof Uint8Array ? spoil(value) : [...value].map((x) => spoil(x as Uint8Array)),
        };
        expect([undefined, 'FILE_INVALID']).toContain(codeOf(() => readOnnxCase(spoiled)));
      }),
      { numRuns: 1000 },
    );
  });
});

/** The code of what is thrown; undefined when nothing is. */
function codeOf(run: () => unknown): string | undefined {
  try {
    run();
    return undefined;
  } catch (error) {
    if (HeedError.isInstance(error)) return error.code;
    throw error;
  }
}
