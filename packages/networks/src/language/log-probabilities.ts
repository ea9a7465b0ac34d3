/** log Σ exp of logits[from … from + count), in double precision. */
export function logSumExp(logits: ArrayLike<number>, from: number, count: number): number {
  let greatest = -Infinity;
  for (let n = from; n < from + count; n++) greatest = Math.max(greatest, logits[n]);
  let total = 0;
  for (let n = from; n < from + count; n++) total += Math.exp(logits[n] - greatest);
  return greatest + Math.log(total);
}
