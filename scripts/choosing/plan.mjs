// The trainings behind the tables of docs/guides/choosing.md. All runs of a table have the same data, network, steps and batches.

const share = (value) => `${(100 * value).toFixed(1)} %`;
const number = (digits) => (value) => value.toFixed(digits);

/** Rows of a table: names of runs, with what the command is told. */
const kinds = (names) => names.map((name) => ({ name, flags: ['--attention', name] }));
const presets = (names) => names.map((name) => ({ name, flags: ['--preset', name] }));

export const SEEDS = [1, 2];

/** Tables by the name of their markers. */
export const TABLES = {
  order: {
    task: 'g2p',
    steps: 1000,
    limit: 2000,
    rows: kinds([
      'none',
      'additive',
      'coverage',
      'location-sensitive',
      'forward',
      'monotonic',
      'mocha',
      'stepwise-monotonic',
      'gmm',
      'local-p',
    ]),
    columns: [
      { key: 'wordErrorRate', en: 'word error', zh: '词错误率', write: share },
      { key: 'phonemeErrorRate', en: 'phoneme error', zh: '音素错误率', write: share },
      { key: 'monotonicity', en: 'order of attention', zh: '注意力的顺序', write: number(2) },
    ],
  },
  sparse: {
    task: 'spelling',
    steps: 600,
    limit: 2000,
    rows: presets(['softmax', 'entmax', 'learned']),
    columns: [
      { key: 'wordErrorRate', en: 'word error', zh: '词错误率', write: share },
      { key: 'phonemeErrorRate', en: 'phoneme error', zh: '音素错误率', write: share },
      { key: 'zeroWeights', en: 'weights that are 0', zh: '为 0 的权重', write: share },
    ],
  },
  repeats: {
    task: 'texts',
    steps: 1200,
    limit: 500,
    rows: presets(['additive', 'coverage', 'coverageLinguistic']),
    columns: [
      { key: 'bleu', en: 'BLEU', zh: 'BLEU', write: number(1) },
      { key: 'chrf', en: 'chrF2', zh: 'chrF2', write: number(1) },
      { key: 'repeats', en: 'outputs that repeat themselves', zh: '有重复的输出', write: share },
    ],
  },
  writing: {
    task: 'writing',
    steps: 300,
    limit: 100,
    rows: presets(['plain', 'qkNorm', 'gated', 'sinks', 'differential']),
    columns: [{ key: 'bitsPerCharacter', en: 'bits per character', zh: '每字符比特数', write: number(3) }],
  },
};
