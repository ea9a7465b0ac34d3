import { readFileSync } from 'node:fs';
import { decodePicture, type Picture } from '@heed/pictures';
import { beforeAll, describe, expect, it } from 'vitest';
import { draw, namesOf, SIDE } from '../scripts/styles.mjs';

interface List {
  readonly side: number;
  readonly columns: number;
  readonly names: readonly string[];
}

const read = (name: string): Uint8Array => readFileSync(new URL(`../${name}`, import.meta.url));

describe.each(['fluent', 'twemoji'] as const)('%s', (style) => {
  const list = JSON.parse(new TextDecoder().decode(read(`${style}.json`))) as List;
  let sheet: Picture;
  beforeAll(async () => {
    sheet = await decodePicture(read(`${style}.webp`));
  });

  it('has all emoji of its package', () => {
    expect(list.side).toBe(SIDE);
    expect(list.names).toEqual(namesOf(style));
    expect([sheet.width, sheet.channels]).toEqual([list.columns * SIDE, 4]);
    expect(sheet.height).toBe(Math.ceil(list.names.length / list.columns) * SIDE);
  });

  it('is drawn as the rasteriser draws it', () => {
    for (let n = 0; n < list.names.length; n += 97) {
      const [left, top] = [(n % list.columns) * SIDE, Math.floor(n / list.columns) * SIDE];
      const drawn = draw(style, list.names[n]!);
      let most = 0;
      for (let at = 0; at < drawn.length; at++) {
        const from =
          ((top + Math.floor(at / 4 / SIDE)) * sheet.width + left + (Math.floor(at / 4) % SIDE)) * 4 + (at % 4);
        // Colours of clear pixels aren't kept.
        if (at % 4 === 3 || drawn[at - (at % 4) + 3] !== 0)
          most = Math.max(most, Math.abs(drawn[at]! - sheet.data[from]!));
      }
      // Another processor may round otherwise.
      expect(most, list.names[n]).toBeLessThanOrEqual(2);
    }
  });
});
