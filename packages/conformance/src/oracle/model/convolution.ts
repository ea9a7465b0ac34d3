import type { Formula } from './formula.js';

/** The sum over what of the filter lies on x, place by place. */
export const conv2d: Formula<'conv2d'> = (tape, { x: [x], filter: [filter] }, { strides = 1, padding = 'valid' }) => {
  const [batch, height, width, channels] = x.shape as [number, number, number, number];
  const [filterHeight, filterWidth, , filters] = filter.shape as [number, number, number, number];
  const [rowStride, columnStride] = typeof strides === 'number' ? [strides, strides] : strides;
  const zerosOf = (axis: 0 | 1, length: number, reach: number, stride: number): readonly [number, number] => {
    if (padding === 'valid') return [0, 0];
    if (typeof padding === 'number') return [padding, padding];
    if (padding !== 'same') return padding[axis];
    const all = Math.max(0, (Math.ceil(length / stride) - 1) * stride + reach - length);
    return [Math.floor(all / 2), all - Math.floor(all / 2)];
  };
  const [above, below] = zerosOf(0, height, filterHeight, rowStride);
  const [before, after] = zerosOf(1, width, filterWidth, columnStride);
  const nodes: number[] = [];
  const shape = [batch, 0, 0, filters];
  for (let b = 0; b < batch; b++) {
    shape[1] = 0;
    for (let top = -above; top + filterHeight <= height + below; top += rowStride, shape[1]++) {
      shape[2] = 0;
      for (let left = -before; left + filterWidth <= width + after; left += columnStride, shape[2]++) {
        for (let o = 0; o < filters; o++) nodes.push(at(b, top, left, o));
      }
    }
  }
  return { y: { shape, nodes } };

  function at(b: number, top: number, left: number, o: number): number {
    const terms: number[] = [];
    for (let k = 0; k < filterHeight; k++) {
      for (let l = 0; l < filterWidth; l++) {
        const [row, column] = [top + k, left + l];
        if (row < 0 || row >= height || column < 0 || column >= width) continue;
        for (let c = 0; c < channels; c++) {
          const input = x.nodes[((b * height + row) * width + column) * channels + c];
          const factor = filter.nodes[((k * filterWidth + l) * channels + c) * filters + o];
          terms.push(tape.mul(input, factor));
        }
      }
    }
    return tape.sum(terms);
  }
};
