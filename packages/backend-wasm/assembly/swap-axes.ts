/** [outer, a, b, piece] → [outer, b, a, piece], of pieces of so many bytes: heads to where they are computed with, and back. */
export function swapAxes(from: usize, to: usize, outer: u32, a: u32, b: u32, piece: u32): void {
  if (piece == 4) {
    const all = (<usize>a * <usize>b) << 2;
    for (let n: u32 = 0; n < outer; n++, from += all, to += all) transpose(from, to, a, b);
    return;
  }
  const row = <usize>b * <usize>piece;
  for (let n: u32 = 0; n < outer; n++, from += row * <usize>a) {
    for (let j: u32 = 0; j < b; j++) {
      let at = from + <usize>j * <usize>piece;
      for (let i: u32 = 0; i < a; i++, at += row, to += piece) copy(at, to, piece);
    }
  }
}

// @ts-ignore: decorator
@inline
function copy(from: usize, to: usize, bytes: usize): void {
  let n: usize = 0;
  for (; n + 32 <= bytes; n += 32) {
    v128.store(to + n, v128.load(from + n));
    v128.store(to + n, v128.load(from + n, 16), 16);
  }
  for (; n < bytes; n += 4) store<u32>(to + n, load<u32>(from + n));
}

/** [a, b] → [b, a], four by four. */
function transpose(from: usize, to: usize, a: u32, b: u32): void {
  const fromRow = <usize>b << 2;
  const toRow = <usize>a << 2;
  const whole = a & ~3;
  let j: u32 = 0;
  for (; j + 4 <= b; j += 4) {
    const source = from + (<usize>j << 2);
    const target = to + <usize>j * toRow;
    for (let i: u32 = 0; i < whole; i += 4) {
      const at = source + <usize>i * fromRow;
      const r0 = v128.load(at), r1 = v128.load(at + fromRow), r2 = v128.load(at + 2 * fromRow), r3 = v128.load(at + 3 * fromRow);
      const s0 = v128.shuffle<f32>(r0, r1, 0, 4, 1, 5), s1 = v128.shuffle<f32>(r0, r1, 2, 6, 3, 7);
      const s2 = v128.shuffle<f32>(r2, r3, 0, 4, 1, 5), s3 = v128.shuffle<f32>(r2, r3, 2, 6, 3, 7);
      const next = target + (<usize>i << 2);
      v128.store(next, v128.shuffle<f32>(s0, s2, 0, 1, 4, 5));
      v128.store(next + toRow, v128.shuffle<f32>(s0, s2, 2, 3, 6, 7));
      v128.store(next + 2 * toRow, v128.shuffle<f32>(s1, s3, 0, 1, 4, 5));
      v128.store(next + 3 * toRow, v128.shuffle<f32>(s1, s3, 2, 3, 6, 7));
    }
    for (let k: u32 = 0; k < 4; k++) column(source + (<usize>k << 2), fromRow, target + <usize>k * toRow, whole, a);
  }
  for (; j < b; j++) column(from + (<usize>j << 2), fromRow, to + <usize>j * toRow, 0, a);
}

/** Numbers [first, end) of a column to those of a row. */
// @ts-ignore: decorator
@inline
function column(from: usize, fromRow: usize, to: usize, first: u32, end: u32): void {
  for (let i = first; i < end; i++) store<u32>(to + (<usize>i << 2), load<u32>(from + <usize>i * fromRow));
}
