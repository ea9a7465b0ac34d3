// Tasks of docs/guides/choosing.md: the built-in ones with other presets, and with figures that tell mechanisms apart.
// `pnpm choosing` trains and judges them; `heed train writing --config scripts/choosing/heed.config.mjs` is one of its runs.
import { generate, g2p, translate } from '../../packages/tasks/dist/index.js';
import { repeatedShare, zeroShare } from './figures.mjs';

const share = { format: 'share', better: 'lower' };

const heads = { kind: 'multiHead', heads: 4 };
const one = { kind: 'multiHead', heads: 1 };
const spellingPresets = {
  softmax: one,
  entmax: { ...one, normalizer: 'entmax', alpha: 1.5 },
  learned: { ...one, normalizer: 'entmax', alpha: 'learned' },
};

/** Words to sounds, by one head whose weights are of one or another normaliser. */
const spelling = {
  ...g2p,
  name: 'spelling',
  metrics: [...g2p.metrics, { key: 'zeroWeights', label: 'weights that are 0', ...share, better: 'higher' }],
  presets: mapValues(spellingPresets, (attention, title) => ({
    ...g2p.presets.small,
    title,
    model: { ...g2p.presets.small.model, attention },
  })),
  async judge(model, examples, options) {
    const judged = await g2p.judge(model, examples, options);
    return { ...judged, figures: { ...judged.figures, zeroWeights: await zeroShare(g2p, model, examples) } };
  },
};

const { plain } = translate.presets;
const units = 64;
const textPresets = {
  none: { attention: { kind: 'none' } },
  additive: { attention: { kind: 'additive', units } },
  coverage: { attention: { kind: 'coverage', units }, coverageLoss: 0 },
  coverageLinguistic: { attention: { kind: 'coverageLinguistic', units } },
};

/** Texts of user interfaces in other languages, by attention that remembers what it has looked at. */
const texts = {
  ...translate,
  name: 'texts',
  metrics: [...translate.metrics, { key: 'repeats', label: 'outputs that repeat themselves', ...share }],
  presets: mapValues(textPresets, (changes, title) => ({ ...plain, title, model: { ...plain.model, ...changes } })),
  async judge(model, examples, options) {
    const judged = await translate.judge(model, examples, options);
    return { ...judged, figures: { ...judged.figures, repeats: await repeatedShare(translate, model, examples) } };
  },
};

const { transformer } = generate.presets;
const turned = { ...heads, bias: false, rotary: { layout: 'half' } };
const writingPresets = {
  plain: turned,
  qkNorm: { ...turned, qkNorm: 'head' },
  gated: { ...turned, gate: 'headwise' },
  sinks: { ...turned, sinks: true },
  differential: { ...turned, kind: 'differential' },
};

/** Speeches, by transformers whose attention is changed in one thing. */
const writing = {
  ...generate,
  name: 'writing',
  presets: {
    ...mapValues(writingPresets, (attention, title) => ({
      ...transformer,
      title,
      model: { ...transformer.model, attention },
    })),
    lstm: generate.presets.lstm,
  },
};

export default { tasks: [spelling, texts, writing] };

function mapValues(record, change) {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value, key)]));
}
