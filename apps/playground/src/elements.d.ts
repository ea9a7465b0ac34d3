import type { AttentionMap, AttentionOverlay, Domain, OverlayWords } from '@heed/heatmap';
import type {
  AttentionHeatmap,
  AttentionOverlayElement,
  Cell,
  CellDetail,
  HeatmapWords,
  PictureCellDetail,
  WordDetail,
} from '@heed/heatmap/element';
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
    'attention-overlay': HTMLAttributes<AttentionOverlayElement> & {
      overlay?: AttentionOverlay;
      domain?: Domain;
      step?: number | undefined;
      words?: OverlayWords;
      view?: string;
      drawn?: string;
      scale?: string;
      onwordmove?: (event: CustomEvent<WordDetail | null>) => void;
      onwordpick?: (event: CustomEvent<WordDetail>) => void;
      oncellmove?: (event: CustomEvent<PictureCellDetail | null>) => void;
      oncellpick?: (event: CustomEvent<PictureCellDetail>) => void;
    };
  }
}
