/** Causal attention of one head and its gradients, in float64 and from the formulas: what the page should compute. */
export function causalAttention(query: number[][], key: number[][], value: number[][], dContext: number[][]) {
  const length = query.length;
  const width = query[0].length;
  const scale = 1 / Math.sqrt(width);
  const zeros = (): number[][] => query.map(() => Array.from({ length: width }, () => 0));
  const weights: number[][] = [];
  const [context, dQuery, dKey, dValue] = [zeros(), zeros(), zeros(), zeros()];
  for (let i = 0; i < length; i++) {
    const exps = Array.from({ length }, (_, j) => (j <= i ? Math.exp(scale * dot(query[i], key[j])) : 0));
    const sum = exps.reduce((total, e) => total + e, 0);
    const row = exps.map((e) => e / sum);
    weights.push(row);
    const dRow = row.map((_, j) => dot(dContext[i], value[j]));
    const mean = dot(row, dRow);
    for (let j = 0; j < length; j++) {
      const dScore = row[j] * (dRow[j] - mean);
      for (let d = 0; d < width; d++) {
        context[i][d] += row[j] * value[j][d];
        dQuery[i][d] += scale * dScore * key[j][d];
        dKey[j][d] += scale * dScore * query[i][d];
        dValue[j][d] += row[j] * dContext[i][d];
      }
    }
  }
  return { context, weights, dQuery, dKey, dValue };
}

const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, x, n) => sum + x * b[n], 0);

/** Input of the page for the first head: sin(frequency·n) in float32. */
export function wave(length: number, width: number, frequency: number): number[][] {
  return Array.from({ length }, (_, i) =>
    Array.from({ length: width }, (_, d) => Math.fround(Math.sin(frequency * (i * width + d)))),
  );
}
