import { decodePicture, rgbaOf, type Picture } from '@heed/pictures';
import type { PackageReader } from '@heed/base';
import { emojiNamed } from './code-points.js';

/** Side of all pictures, in pixels. */
export const SIDE = 64;
const CHANNELS = 4;

/** How one style is drawn, and where its pictures come from. */
interface Style {
  readonly title: string;
  readonly source: string;
  readonly version: string;
  readonly licence: string;
  read(files: PackageReader): Promise<ReadonlyMap<string, Picture>>;
}

const DRAWN = { source: '@heed/drawn-emoji', version: '1.0.0' } as const;
const NOTO = { source: 'emoji-datasource-google', version: '16.0.0' } as const;

/** Styles of drawing; what is learnt from is in the first two, and the last one is for the test alone. */
export const CAPTION_STYLES = {
  noto: {
    title: 'Noto Emoji',
    ...NOTO,
    licence: 'Apache-2.0, © Google',
    read: readNoto,
  },
  fluent: {
    title: 'Fluent Emoji, flat',
    ...DRAWN,
    licence: 'MIT, © Microsoft Corporation',
    read: (files) => readDrawn('fluent', files),
  },
  twemoji: {
    title: 'Twemoji',
    ...DRAWN,
    licence: 'CC BY 4.0, © Twitter, Inc. and other contributors',
    read: (files) => readDrawn('twemoji', files),
  },
} as const satisfies Readonly<Record<string, Style>>;
export type CaptionStyle = keyof typeof CAPTION_STYLES;

const json = (bytes: Uint8Array): unknown => JSON.parse(new TextDecoder().decode(bytes));

interface Listed {
  readonly unified: string;
  readonly sheet_x: number;
  readonly sheet_y: number;
  readonly has_img_google: boolean;
  readonly skin_variations?: Readonly<Record<string, Listed>>;
}

/** Noto's pictures, cut from the sheet of all, where a pixel is around each. */
async function readNoto(files: PackageReader): Promise<Map<string, Picture>> {
  const read = await files(NOTO.source, NOTO.version);
  const list = json(await read('emoji.json')) as readonly Listed[];
  const sheet = rgbaOf(await decodePicture(await read(`img/google/sheets/${SIDE}.png`)));
  const all = list.concat(list.flatMap((emoji) => Object.values(emoji.skin_variations ?? {})));
  const pitch = SIDE + 2;
  return new Map(
    all
      .filter((emoji) => emoji.has_img_google)
      .map(({ unified, sheet_x: column, sheet_y: row }) => [
        emojiNamed(unified),
        cut(sheet, column * pitch + 1, row * pitch + 1),
      ]),
  );
}

/** Pictures that were drawn of SVG files, in a sheet row by row. */
async function readDrawn(style: string, files: PackageReader): Promise<Map<string, Picture>> {
  const read = await files(DRAWN.source, DRAWN.version);
  const { columns, names } = json(await read(`${style}.json`)) as {
    readonly columns: number;
    readonly names: readonly string[];
  };
  const sheet = rgbaOf(await decodePicture(await read(`${style}.webp`)));
  return new Map(
    names.map((name, n) => [emojiNamed(name), cut(sheet, (n % columns) * SIDE, Math.floor(n / columns) * SIDE)]),
  );
}

function cut(sheet: Picture, left: number, top: number): Picture {
  const data = new Uint8Array(SIDE * SIDE * CHANNELS);
  for (let row = 0; row < SIDE; row++) {
    const from = ((top + row) * sheet.width + left) * CHANNELS;
    data.set(sheet.data.subarray(from, from + SIDE * CHANNELS), row * SIDE * CHANNELS);
  }
  return { width: SIDE, height: SIDE, channels: CHANNELS, data };
}
