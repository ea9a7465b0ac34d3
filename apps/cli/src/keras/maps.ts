import type { SeenAttention } from '@heed/keras';
import type { AttentionMap } from '@heed/heatmap';

/** One map for each row of the batch and each head of what layers attended to. */
export async function mapsOf(attention: readonly SeenAttention[]): Promise<AttentionMap[]> {
  const maps: AttentionMap[] = [];
  for (const { layer, call, weights } of attention) {
    // Attention over several axes has no two axes that a map could be of.
    if (weights.rank !== 4) continue;
    const [batch, heads, rows, columns] = weights.shape as [number, number, number, number];
    const data = await weights.data<'float32'>();
    const calls = attention.filter((one) => one.layer === layer).length;
    for (let b = 0; b < batch; b++)
      for (let h = 0; h < heads; h++) {
        const start = (b * heads + h) * rows * columns;
        const parts = [
          layer,
          ...(calls > 1 ? [`call ${call}`] : []),
          ...(batch > 1 ? [`row ${b}`] : []),
          ...(heads > 1 ? [`head ${h}`] : []),
        ];
        maps.push({
          title: parts.join(', '),
          weights: Array.from({ length: rows }, (_, i) => data.slice(start + i * columns, start + (i + 1) * columns)),
          rowLabels: numbered(rows),
          columnLabels: numbered(columns),
        });
      }
  }
  return maps;
}

const numbered = (length: number): string[] => Array.from({ length }, (_, n) => String(n));
