// `node scripts/caption-difference.mjs RUN OTHER`: by how much a run's captions are better than another's on each test set of the task
// `caption`, with standard errors. Pictures of one concept are one draw of it: they are seldom right and wrong by themselves.
import { wasm } from '../packages/backend-wasm/dist/index.js';
import { selectBackend } from '../packages/core/dist/index.js';
import { corpusChrf } from '../packages/metrics/dist/index.js';
import { openRun } from '../packages/nn/dist/node.js';
import { tasks } from '../packages/tasks/dist/index.js';

const BATCH = 128;
const task = tasks.caption;
/** Figures of one caption, from 0 to 100. */
const FIGURES = {
  chrF2: ({ references }, text) => corpusChrf([text], [references]),
  exact: ({ references }, text) => (references.includes(text) ? 100 : 0),
};

await selectBackend(wasm());
const runs = await Promise.all(process.argv.slice(2, 4).map((folder) => openRun(folder, { networks: task.networks })));
const { testSets } = await task.load(runs[0].info.dataOptions);
for (const { name, examples } of testSets) {
  const texts = [];
  for (const { model } of runs) texts.push(await captions(model, examples));
  const concepts = new Map();
  examples.forEach(({ parts: { concept } }, n) => concepts.set(concept, [...(concepts.get(concept) ?? []), n]));
  for (const [figure, judge] of Object.entries(FIGURES)) {
    const [own, others] = texts.map((all) => examples.map((example, n) => judge(example, all[n])));
    const differences = own.map((value, n) => value - others[n]);
    const groups = [...concepts.values()].map((numbers) => numbers.map((n) => differences[n]));
    const [difference, error] = [mean(differences), standardError(groups)].map((value) => value.toFixed(2));
    console.log(
      `${name}: ${figure} ${mean(own).toFixed(2)} and ${mean(others).toFixed(2)}, ${difference} ± ${error}, ${groups.length} concepts`,
    );
  }
}

async function captions(model, examples) {
  const texts = [];
  for (let first = 0; first < examples.length; first += BATCH) {
    const answers = await task.answer(model, examples.slice(first, first + BATCH));
    texts.push(...answers.map(({ output }) => output));
  }
  return texts;
}

function mean(values) {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Standard error of the mean of values that come in groups (Liang & Zeger 1986, with G / (G − 1) for few groups). */
function standardError(groups) {
  const all = groups.flat();
  const centre = mean(all);
  const squares = groups.map((group) => group.reduce((sum, value) => sum + value - centre, 0) ** 2);
  return Math.sqrt((mean(squares) * groups.length ** 2) / (groups.length - 1)) / all.length;
}
