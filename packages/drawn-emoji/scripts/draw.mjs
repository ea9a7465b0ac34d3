// Draws all emoji of each style into a sheet, row by row in the order of its list of names.
import { writeFileSync } from 'node:fs';
import sharp from 'sharp';
import { draw, namesOf, SIDE, STYLES } from './styles.mjs';

for (const style of Object.keys(STYLES)) {
  const names = namesOf(style);
  const columns = Math.ceil(Math.sqrt(names.length));
  const rows = Math.ceil(names.length / columns);
  const sheet = Buffer.alloc(columns * rows * SIDE * SIDE * 4);
  names.forEach((name, n) => {
    const picture = draw(style, name);
    const [left, top] = [(n % columns) * SIDE, Math.floor(n / columns) * SIDE];
    for (let row = 0; row < SIDE; row++) {
      sheet.set(picture.subarray(row * SIDE * 4, (row + 1) * SIDE * 4), ((top + row) * columns * SIDE + left) * 4);
    }
  });
  const raw = { width: columns * SIDE, height: rows * SIDE, channels: 4 };
  const file = await sharp(sheet, { raw, limitInputPixels: false }).webp({ lossless: true, effort: 4 }).toBuffer();
  writeFileSync(new URL(`../${style}.webp`, import.meta.url), file);
  writeFileSync(new URL(`../${style}.json`, import.meta.url), `${JSON.stringify({ side: SIDE, columns, names })}\n`);
  console.log(`${style}: ${names.length} emoji, ${file.length.toLocaleString('en')} bytes`);
}
