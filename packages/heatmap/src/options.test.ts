import { HeedError } from '@heed/base';
import { expect, it } from 'vitest';
import { renderFile, renderHtml, renderPng, renderSvg, renderTerminal } from './index.js';

const map = { weights: [[1]] };

it.each<[string, () => unknown, string]>([
  ["renderSvg(map, { colour: 'dark' })", () => renderSvg(map, { colour: 'dark' } as object), 'theme'],
  ["renderPng(map, { themes: 'dark' })", () => renderPng(map, { themes: 'dark' } as object), 'theme'],
  ['renderHtml(map, { titel })', () => renderHtml(map, { titel: 'a' } as object), 'title'],
  ["renderTerminal(map, { color: 'plain' })", () => renderTerminal(map, { color: 'plain' } as object), 'colors'],
  ["renderFile(map, 'svg', { heading })", () => renderFile(map, 'svg', { heading: 'a' } as object), 'title'],
])('%s is refused, and told of %s', (_, call, option) => {
  expect(call).toThrow(expect.objectContaining({ code: 'UNKNOWN_OPTION', hint: expect.stringContaining(option) }));
});

it('null is not the default', () => {
  expect(() => renderSvg(map, { domain: null as never })).toThrow(/domain is null/);
  expect(() => renderSvg(map, null as never)).toThrow(HeedError);
});
