import { checkOptions } from '@heed/base';
import {
  checkMaps,
  DOMAIN_OPTIONS,
  domainOf,
  isMasked,
  type AttentionMaps,
  type DomainOptions,
} from './attention-map.js';
import { shortest } from './text.js';

/**
 * Maps as JSON: `{ "format": "heed.attention-maps", "version": 1, "domain": [low, high], "maps": […] }`. Each map has the fields
 * of `AttentionMap`; weights of masked cells are null.
 */
export function renderJson(maps: AttentionMaps, options: DomainOptions = {}): string {
  checkOptions('renderJson', options, DOMAIN_OPTIONS);
  const checked = checkMaps(maps);
  const list = checked.map((map) => {
    const { title, rowAxis, columnAxis, rowLabels, columnLabels, weights } = map;
    const numbers = weights.map((row, i) =>
      Array.from(row, (weight, j) => (isMasked(map, i, j) ? null : shortest(weight))),
    );
    return { title, rowAxis, columnAxis, rowLabels, columnLabels, weights: numbers };
  });
  const domain = domainOf(checked, options).map(shortest);
  return `${JSON.stringify({ format: 'heed.attention-maps', version: 1, domain, maps: list })}\n`;
}
