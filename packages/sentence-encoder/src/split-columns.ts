/** Splits a row-major matrix of `parts`·`width` columns: the first `width` columns, the next `width`, and so on. */
export function splitColumns(values: Float32Array, parts: number, width: number): Float32Array[] {
  const rows = values.length / (parts * width);
  return Array.from({ length: parts }, (_, part) => {
    const columns = new Float32Array(rows * width);
    for (let row = 0; row < rows; row++) {
      const from = (row * parts + part) * width;
      columns.set(values.subarray(from, from + width), row * width);
    }
    return columns;
  });
}
