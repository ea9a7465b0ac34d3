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
  const named = withOwnClasses(name, drawn);
  return { name, title, svg: named.replace('<svg ', head).replace('>', `><title>${label}</title>`) };
}

/** Classes are numbered through everything that a process draws; a drawing's file changes when the drawing does. */
function withOwnClasses(name: string, svg: string): string {
  const classes = new Map<string, string>();
  return svg.replaceAll(/zr\d+-cls-\d+/g, (given) => {
    if (!classes.has(given)) classes.set(given, `${name}-${classes.size}`);
    return classes.get(given)!;
  });
}

/** A plot as a file of its own, with its colours. */
export const alone = ({ svg }: Plot): string => `${svg.replace('>', `><style>${PALETTE}</style>`)}\n`;

export const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
