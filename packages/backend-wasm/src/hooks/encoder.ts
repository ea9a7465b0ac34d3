/**
 * Bytes of a small WebAssembly module: one function of 32-bit integers over an imported memory, which may call imported functions of
 * vectors. @see WebAssembly core specification 2.0, §5 (binary format)
 */

export const I32 = 0x7f;
export const V128 = 0x7b;

/** Instructions by their names in the specification; those of vectors have the prefix 0xfd. */
const PLAIN = {
  block: 0x02,
  loop: 0x03,
  if: 0x04,
  else: 0x05,
  end: 0x0b,
  br: 0x0c,
  br_if: 0x0d,
  call: 0x10,
  'local.get': 0x20,
  'local.set': 0x21,
  'local.tee': 0x22,
  'i32.load': 0x28,
  'f32.load': 0x2a,
  'f64.load': 0x2b,
  'f64.store': 0x39,
  'i32.const': 0x41,
  'i32.lt_s': 0x48,
  'i32.ge_s': 0x4e,
  'i32.add': 0x6a,
  'i32.sub': 0x6b,
  'i32.mul': 0x6c,
  'i32.shl': 0x74,
  'f64.add': 0xa0,
  'f32.convert_i32_s': 0xb2,
  'f64.promote_f32': 0xbb,
} as const;

const VECTOR = {
  'v128.load': 0x00,
  'v128.store': 0x0b,
  'v128.const': 0x0c,
  'i8x16.shuffle': 0x0d,
  'i32x4.splat': 0x11,
  'f32x4.splat': 0x13,
  'i32x4.extract_lane': 0x1b,
  'f32x4.extract_lane': 0x1f,
  'f32x4.replace_lane': 0x20,
  'f64x2.extract_lane': 0x21,
  'i32x4.lt_s': 0x39,
  'f32x4.eq': 0x41,
  'f32x4.lt': 0x43,
  'f32x4.le': 0x45,
  'v128.not': 0x4d,
  'v128.and': 0x4e,
  'v128.andnot': 0x4f,
  'v128.or': 0x50,
  'v128.bitselect': 0x52,
  'f64x2.promote_low_f32x4': 0x5f,
  'f32x4.floor': 0x68,
  'i32x4.add': 0xae,
  'i32x4.mul': 0xb5,
  'i32x4.max_s': 0xb8,
  'f32x4.abs': 0xe0,
  'f32x4.neg': 0xe1,
  'f32x4.sqrt': 0xe3,
  'f32x4.add': 0xe4,
  'f32x4.sub': 0xe5,
  'f32x4.mul': 0xe6,
  'f32x4.div': 0xe7,
  'f32x4.min': 0xe8,
  'f32x4.max': 0xe9,
  'f64x2.add': 0xf0,
  'i32x4.trunc_sat_f32x4_s': 0xf8,
} as const;

export type Instruction = keyof typeof PLAIN | keyof typeof VECTOR;

const NO_RESULT = 0x40;

/** The body of a function, as it is written. */
export class Body {
  readonly bytes: number[] = [];
  readonly #parameters: number;
  readonly #locals: number[] = [];

  /** @param parameters number of the function's parameters, which are its first locals */
  constructor(parameters: number) {
    this.#parameters = parameters;
  }

  /** A new local of a type. */
  local(type: number): number {
    return this.#parameters + this.#locals.push(type) - 1;
  }

  /** Types of the locals. */
  get locals(): readonly number[] {
    return this.#locals;
  }

  /** An instruction, with its immediate whole numbers if it has some. */
  op(name: Instruction, ...immediates: readonly number[]): this {
    if (name in PLAIN) this.bytes.push(PLAIN[name as keyof typeof PLAIN]);
    else this.bytes.push(0xfd, ...unsigned(VECTOR[name as keyof typeof VECTOR]));
    for (const n of immediates) this.bytes.push(...unsigned(n));
    return this;
  }

  get(local: number): this {
    return this.op('local.get', local);
  }

  set(local: number): this {
    return this.op('local.set', local);
  }

  int(value: number): this {
    this.bytes.push(PLAIN['i32.const'], ...signed(value));
    return this;
  }

  /** Loads or stores at the address on the stack plus `offset`. */
  memory(name: Instruction, alignment: number, offset = 0): this {
    return this.op(name, alignment, offset);
  }

  /** A vector of four numbers. */
  floats(...four: readonly [number, number, number, number]): this {
    this.op('v128.const');
    this.bytes.push(...new Uint8Array(Float32Array.from(four).buffer));
    return this;
  }

  float(value: number): this {
    return this.floats(value, value, value, value);
  }

  /** Four of the eight floats of two vectors, by their numbers. */
  shuffle(...lanes: readonly [number, number, number, number]): this {
    this.op('i8x16.shuffle');
    this.bytes.push(...lanes.flatMap((lane) => [4 * lane, 4 * lane + 1, 4 * lane + 2, 4 * lane + 3]));
    return this;
  }

  /** A loop that counts a local up by `step` while it is less than another. */
  count(counter: number, end: number, step: number, write: () => void): void {
    this.open('block').open('loop');
    this.get(counter).get(end).op('i32.ge_s').op('br_if', 1);
    write();
    this.get(counter).int(step).op('i32.add').set(counter);
    this.op('br', 0).op('end').op('end');
  }

  open(name: 'block' | 'loop' | 'if'): this {
    this.bytes.push(PLAIN[name], NO_RESULT);
    return this;
  }
}

/** A function of vectors that the module imports. */
export interface Imported {
  readonly name: string;
  readonly arity: number;
}

/** A module that exports the function 'run' and imports 'env.memory', and 'math' by names. */
export function encodeModule(
  body: Body,
  parameters: number,
  imported: readonly Imported[],
  isShared: boolean,
): Uint8Array<ArrayBuffer> {
  const types = [
    [0x60, ...vector(Array<number>(parameters).fill(I32)), ...vector([])],
    ...imported.map(({ arity }) => [0x60, ...vector(Array<number>(arity).fill(V128)), ...vector([V128])]),
  ];
  const limits = isShared ? [0x03, ...unsigned(1), ...unsigned(65_536)] : [0x00, ...unsigned(0)];
  const imports = [
    [...text('env'), ...text('memory'), 0x02, ...limits],
    ...imported.map(({ name }, n) => [...text('math'), ...text(name), 0x00, ...unsigned(n + 1)]),
  ];
  const locals = vectorOf(body.locals.map((type) => [...unsigned(1), type]));
  const code = [...locals, ...body.bytes, PLAIN.end];
  return Uint8Array.from([
    0x00,
    0x61,
    0x73,
    0x6d, // '\0asm'
    0x01,
    0x00,
    0x00,
    0x00, // version 1
    ...section(1, vectorOf(types)),
    ...section(2, vectorOf(imports)),
    ...section(3, vector([0])),
    ...section(7, vectorOf([[...text('run'), 0x00, ...unsigned(imported.length)]])),
    ...section(10, vectorOf([[...unsigned(code.length), ...code]])),
  ]);
}

const section = (id: number, content: readonly number[]): number[] => [id, ...unsigned(content.length), ...content];
const vector = (items: readonly number[]): number[] => [...unsigned(items.length), ...items];
const vectorOf = (items: readonly (readonly number[])[]): number[] => [...unsigned(items.length), ...items.flat()];
const text = (name: string): number[] => vector([...new TextEncoder().encode(name)]);

/** LEB128 */
function unsigned(value: number): number[] {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return [...bytes, rest];
    bytes.push((rest % 128) | 0x80);
  }
}

function signed(value: number): number[] {
  const bytes: number[] = [];
  for (let rest = value | 0; ; rest >>= 7) {
    const byte = rest & 0x7f;
    const isLast = (rest >> 7 === 0 && byte < 64) || (rest >> 7 === -1 && byte >= 64);
    if (isLast) return [...bytes, byte];
    bytes.push(byte | 0x80);
  }
}
