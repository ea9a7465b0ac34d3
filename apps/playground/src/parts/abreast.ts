/**
 * Number of maps side by side in a width, when each needs its own width. All rows have the same number, so that four heads are two
 * by two, not three and one.
 */
export function abreast(widths: readonly number[], width: number, gap: number): number {
  const count = Math.max(1, widths.length);
  const least = Math.max(1, ...widths);
  const fit = Math.max(1, Math.min(count, Math.floor((width + gap) / (least + gap))));
  return Math.ceil(count / Math.ceil(count / fit));
}
