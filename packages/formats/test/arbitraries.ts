import * as fc from 'fast-check';
import type { DType, NumericArray } from '../src/index.js';

const elements: { readonly [D in DType]: fc.Arbitrary<number> } = {
  // Halves of small integers are exact in 11 bits; the special values must survive too.
  float16: fc.oneof(
    fc.integer({ min: -2047, max: 2047 }).map((n) => n / 2),
    fc.constantFrom(NaN, Infinity, -Infinity, -0, 2 ** -24, 65504),
  ),
  // Small integers are exact in 8 bits.
  bfloat16: fc.oneof(
    fc.integer({ min: -255, max: 255 }).map((n) => n / 2),
    fc.constantFrom(NaN, Infinity, -Infinity, -0, 2 ** -126),
  ),
  float32: fc.float(),
  float64: fc.double(),
  int32: fc.integer(),
  int64: fc.maxSafeInteger(),
  uint8: fc.nat({ max: 255 }),
  bool: fc.nat({ max: 1 }),
};

const arrays = {
  float16: Float32Array,
  bfloat16: Float32Array,
  float32: Float32Array,
  float64: Float64Array,
  int32: Int32Array,
  int64: Float64Array,
  uint8: Uint8Array,
  bool: Uint8Array,
};

const arrayOf = (dtypes: readonly DType[]): fc.Arbitrary<NumericArray> =>
  fc.tuple(fc.constantFrom(...dtypes), fc.array(fc.nat({ max: 4 }), { maxLength: 4 })).chain(([dtype, shape]) => {
    const size = shape.reduce((product, length) => product * length, 1);
    return fc
      .array(elements[dtype], { minLength: size, maxLength: size })
      .map((values) => ({ dtype, shape, data: arrays[dtype].from(values) }) as NumericArray);
  });

const DTYPES = Object.keys(elements) as DType[];
/** Arrays that safetensors hold. */
export const numericArray = arrayOf(DTYPES);
/** Arrays that `.npy` holds. */
export const npyArray = arrayOf(DTYPES.filter((dtype) => dtype !== 'bfloat16'));

/** Damage to a file: a few of its bytes flipped, overwritten, removed or inserted. */
export const damage: fc.Arbitrary<(bytes: Uint8Array) => Uint8Array> = fc
  .array(
    fc.record({
      kind: fc.constantFrom('flip', 'set', 'remove', 'insert'),
      where: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      value: fc.nat({ max: 255 }),
    }),
    { minLength: 1, maxLength: 6 },
  )
  .map((edits) => (bytes: Uint8Array) => {
    const result = [...bytes];
    for (const { kind, where, value } of edits) {
      const at = Math.floor(where * result.length);
      if (kind === 'flip') result[at] = (result[at] ?? 0) ^ (1 << (value % 8));
      else if (kind === 'set') result[at] = value;
      else result.splice(at, kind === 'remove' ? 1 : 0, ...(kind === 'insert' ? [value] : []));
    }
    return Uint8Array.from(result);
  });
