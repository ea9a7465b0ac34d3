import type { Conv2dAttributes, Conv2dSizes } from '@heed/core/model-ops';

/** Where a convolution's filter stands: `count` rows of places, of the B·P that there are, from `first` on. */
export interface Places extends Conv2dSizes, Conv2dAttributes {
  readonly first: number;
  readonly count: number;
}

/** What the filter sees at each of the places, in a row [count·Q, K·L·C]; what of it lies outside x stays as it is. */
export function takeWindows(x: Float32Array, windows: Float32Array, places: Places): void {
  eachRun(places, (at, to, length) => {
    for (let n = 0; n < length; n++) windows[to + n] = x[at + n];
  });
}

/** The other way round: adds rows of windows to where they lie in x. */
export function addWindows(windows: Float32Array, x: Float32Array, places: Places): void {
  eachRun(places, (at, from, length) => {
    for (let n = 0; n < length; n++) x[at + n] += windows[from + n];
  });
}

/** Calls back with each run of numbers of x that a row of the filter lies on, and where it is in the windows. */
function eachRun(places: Places, use: (inX: number, inWindows: number, length: number) => void): void {
  const { height, width, channels, filterHeight, filterWidth, rows, columns } = places;
  const { strides, padRows, padColumns, first, count } = places;
  let window = 0;
  for (let line = first; line < first + count; line++) {
    const picture = Math.floor(line / rows) * height;
    const top = (line % rows) * strides[0] - padRows[0];
    for (let q = 0; q < columns; q++) {
      const left = q * strides[1] - padColumns[0];
      const from = Math.max(0, -left);
      const length = (Math.min(filterWidth, width - left) - from) * channels;
      for (let k = 0; k < filterHeight; k++, window += filterWidth * channels) {
        const row = top + k;
        if (row < 0 || row >= height || length <= 0) continue;
        use(((picture + row) * width + left + from) * channels, window + from * channels, length);
      }
    }
  }
}
