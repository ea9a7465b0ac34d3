/**
 * A loop that does nothing but multiply and add float64 numbers in registers: what V8 allows scalar code. Each sum is a chain of its own,
 * and there are as many as fit into the fifteen registers beside the factor, so that none waits for the one before it. Nothing is the same in two
 * rounds, or V8 would take it out of the loop.
 */
export function multiplyAdds(count: number, x: number, y: number): number {
  let [a, b, c, d, e, f, g] = [y, y + 1, y + 2, y + 3, y + 4, y + 5, y + 6];
  let [h, i, j, k, l, m, n] = [y + 7, y + 8, y + 9, y + 10, y + 11, y + 12, y + 13];
  for (let round = 0; round < count; round += CHAINS) {
    a = a * x + y;
    b = b * x + y;
    c = c * x + y;
    d = d * x + y;
    e = e * x + y;
    f = f * x + y;
    g = g * x + y;
    h = h * x + y;
    i = i * x + y;
    j = j * x + y;
    k = k * x + y;
    l = l * x + y;
    m = m * x + y;
    n = n * x + y;
  }
  return a + b + c + d + e + f + g + h + i + j + k + l + m + n;
}

const CHAINS = 14;
