import type { AttentionMap, Domain } from '@heed/heatmap';
import type { AttentionHeatmap, Cell, CellDetail, HeatmapWords } from '@heed/heatmap/element';
import type { HTMLAttributes } from 'svelte/elements';

declare module 'svelte/elements' {
  interface SvelteHTMLElements {
    'attention-heatmap': HTMLAttributes<AttentionHeatmap> & {
      map?: AttentionMap;
      domain?: Domain;
      highlight?: Partial<Cell>;
      words?: HeatmapWords;
      view?: string;
      oncellmove?: (event: CustomEvent<CellDetail | null>) => void;
      oncellpick?: (event: CustomEvent<CellDetail>) => void;
    };
  }
}
