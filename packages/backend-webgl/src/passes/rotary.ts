import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { RotaryAttributes } from '@heed/core/model-ops';
import type { TensorGrid } from '../grid.js';
import type { Scope } from '../scope.js';
import { numbersOf } from './texels.js';

interface RotaryTensors {
  readonly x: TensorInfo;
  readonly cos: TensorInfo;
  readonly sin: TensorInfo;
}

/** Rotary embedding in one pass. Rows that follow one another from one start come as a number, others as a table. */
export function rotary(scope: Scope, { x, cos, sin }: RotaryTensors, attributes: RotaryAttributes): TensorInfo {
  const { layout, direction, starts, rows } = attributes;
  const [batch, heads, time, width] = x.shape as [number, number, number, number];
  const [count, pairs] = cos.shape as [number, number];
  const source = scope.tensor(x, [batch * heads, time, width]);
  const [cosines, sines] = [cos, sin].map((table) => scope.tensor(table, [1, count, pairs])) as [
    TensorGrid,
    TensorGrid,
  ];
  const output = scope.output(x.shape);
  const isPlain = rows === undefined && starts.every((start) => start === starts[0]);
  const listed = isPlain ? undefined : scope.numbers(rowsOf(starts, rows, time));
  scope.draw({
    inputs: { X: source, C: cosines, S: sines, ...(listed && { R: listed }) },
    integers: {
      rowsX: time,
      columnsX: width,
      rowsC: count,
      columnsC: pairs,
      rowsS: count,
      columnsS: pairs,
      heads,
      inHalves: Number(layout === 'half'),
      start: isPlain ? starts[0] : 0,
    },
    floats: { direction },
    output,
    code: `
${numbersOf('X', source)}
${numbersOf('C', cosines)}
${numbersOf('S', sines)}
int rowOf(int n, int t) {
  ${listed ? 'int spot = n / heads * rowsX + t; return int(texelFetch(R0, spotR(spot >> 2), 0)[spot & 3]);' : 'return start + t;'}
}
float turned(int n, int t, int d) {
  if (t >= rowsX || d >= columnsX) return 0.0;
  float x = numberX(n, t, d);
  if (d >= 2 * columnsC) return x;
  bool isFirst = inHalves == 1 ? d < columnsC : (d & 1) == 0;
  int i = inHalves == 1 ? (isFirst ? d : d - columnsC) : d >> 1;
  int apart = inHalves == 1 ? columnsC : 1;
  int row = rowOf(n, t);
  float c = numberC(0, row, i), s = direction * numberS(0, row, i);
  float other = numberX(n, t, isFirst ? d + apart : d - apart);
  return isFirst ? x * c - other * s : other * s + x * c;
}
void compute(int n, int r, int c) {
  int t = 2 * r, d = 2 * c;
  out0 = vec4(turned(n, t, d), turned(n, t, d + 1), turned(n, t + 1, d), turned(n, t + 1, d + 1));
}`,
  });
  return output.tensor;
}

const rowsOf = (starts: Int32Array, rows: Int32Array | undefined, time: number): number[] =>
  rows === undefined ? [...starts].flatMap((start) => Array.from({ length: time }, (_, t) => start + t)) : [...rows];
