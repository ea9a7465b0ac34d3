// `pnpm readme:picture`: draws the attention maps at the top of the READMEs, which show a translation by Heed's shipped model, and writes
// their numbers for the site. `--check` writes nothing, and fails when the words or numbers of a map are out of date.
import { readFile, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { cpu } from '../packages/backend-cpu/dist/index.js';
import { selectBackend } from '../packages/core/dist/index.js';
import { renderJson, renderSvg } from '../packages/heatmap/dist/index.js';
import { modelFolder } from '../packages/models/dist/node.js';
import { openRun } from '../packages/nn/dist/node.js';
import { translate } from '../packages/tasks/dist/index.js';
import { root } from './steps.mjs';

const PICTURES = {
  attention: 'de: Open Folder', // the verb moves from the first position to the last
  'attention.zh-CN': 'zh: Open Folder',
};

await selectBackend(cpu());
const { model } = await openRun(modelFolder('translate'), { networks: translate.networks });
for (const [name, phrase] of Object.entries(PICTURES)) {
  const file = join(root, 'docs', name);
  const [{ maps }] = await translate.answer(model, [translate.parse(phrase)], { beam: 4 });
  if (!process.argv.includes('--check')) {
    await writeFile(`${file}.svg`, renderSvg(maps));
    await writeFile(`${file}.json`, renderJson(maps));
  } else {
    const { maps: written } = JSON.parse(await readFile(`${file}.json`, 'utf8'));
    for (const old of [await readFile(`${file}.svg`, 'utf8'), renderSvg(written)]) {
      if (alike(old, renderSvg(maps))) continue;
      console.error(`docs/${name} is stale: run \`pnpm readme:picture\``);
      process.exitCode = 1;
    }
  }
  console.log(`${relative(root, file)}: ${maps[0].title}`);
}

/** Whether two pictures show the same, with any layout: the same labels, and the same weights but for the rounding of processors. */
function alike(a, b) {
  const [x, y] = [a, b].map(textsOf);
  return x.length === y.length && x.every((text, n) => isNear(text, y[n]));
}

/** Texts of a picture: titles, labels, and the weight of each cell. */
function textsOf(svg) {
  const shown = svg.replace(/<style>[^]*?<\/style>/, '').split(/<[^>]*>/);
  return shown.filter((text) => text.trim() !== '').flatMap((text) => text.split(/([\d.]+$)/));
}

function isNear(a, b) {
  return a === b || Math.abs(Number(a) - Number(b)) < 0.01;
}
