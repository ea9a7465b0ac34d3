// Writes the sample pictures of the view Pictures: node apps/playground/scripts/sample-pictures.mjs, after a build.
import { mkdir, writeFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { loadCaption } from '@heed/datasets';
import { encode } from 'fast-png';

/** Pictures of each test set: the sign that is drawn, and the style where there are several. */
const WANTED = {
  concepts: [
    ['🍋', 'noto'],
    ['🌷', 'fluent'],
    ['🦅', 'fluent'],
  ],
  combinations: [
    ['👨🏻‍🎓', 'noto'],
    ['💪🏻', 'noto'],
    ['🧜🏾‍♀', 'noto'],
  ],
  'style-seen': [
    ['🔴', 'twemoji'],
    ['🤖', 'twemoji'],
    ['🥁', 'twemoji'],
  ],
  'style-unseen': [
    ['🐕', 'twemoji'],
    ['🍿', 'twemoji'],
    ['⚓', 'twemoji'],
  ],
};

/** Seed of the shipped model's data, by which they are in these sets. */
export const SEED = 1;

/** Sample pictures of the captions' test sets, with their English and Chinese names. */
export async function samplePictures() {
  const { testSets } = await loadCaption({ seed: SEED });
  return testSets.flatMap(({ name: set, examples }) =>
    WANTED[set].map(([emoji, style]) => {
      const own = examples.filter((example) => example.emoji === emoji && example.style === style);
      const named = (language) => own.find((example) => example.language === language).text;
      const en = named('en');
      return {
        name: en.split(':')[0].replaceAll(/[^a-z0-9]+/g, '-'),
        set,
        style,
        names: { en, zh: named('zh') },
        picture: own[0].picture,
      };
    }),
  );
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const folder = new URL('../src/views/picture/samples/', import.meta.url);
  await mkdir(folder, { recursive: true });
  const samples = await samplePictures();
  let bytes = 0;
  for (const { name, picture } of samples) {
    const file = encode(picture);
    bytes += file.length;
    await writeFile(new URL(`${name}.png`, folder), file);
  }
  const listed = samples.map(({ picture: _picture, ...facts }) => facts);
  await writeFile(new URL('samples.json', folder), `${JSON.stringify(listed, undefined, 2)}\n`);
  console.log(`${samples.length} pictures, ${bytes} bytes`);
}
