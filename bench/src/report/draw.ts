import { ScatterChart, CustomChart, LineChart } from 'echarts/charts';
import { GridComponent, LegendComponent, MarkLineComponent } from 'echarts/components';
import * as echarts from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { PALETTE } from './palette.js';

echarts.use([ScatterChart, CustomChart, LineChart, GridComponent, LegendComponent, MarkLineComponent, SVGRenderer]);

/** A drawing by name, with what it shows in words. */
export interface Plot {
  readonly name: string;
  readonly title: string;
  /** For a page, which gives the colours their values. */
  readonly svg: string;
}

/** Draws without a page, and without anything that moves. */
export function draw(
  { name, title, width, height }: Omit<Plot, 'svg'> & { readonly width: number; readonly height: number },
  option: echarts.EChartsCoreOption,
): Plot {
  const chart = echarts.init(null, null, { renderer: 'svg', ssr: true, width, height });
  chart.setOption({ animation: false, ...option });
  const drawn = chart.renderToSVGString({ useViewBox: true });
  chart.dispose();
  const label = escaped(title);
  const head = `<svg role="img" aria-label="${label}" `;
  return { name, title, svg: drawn.replace('<svg ', head).replace('>', `><title>${label}</title>`) };
}

/** A plot as a file of its own, with its colours. */
export const alone = ({ svg }: Plot): string => `${svg.replace('>', `><style>${PALETTE}</style>`)}\n`;

export const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
