import { checkOptions } from '@heed/core';
import {
  loadPairs,
  type PairExample,
  type PairsDataset,
  type PairsSettings,
  type Unit,
  PAIRS_SETTINGS,
} from '@heed/datasets';
import { recurrent, transformer, type EncoderDecoder, type Hypothesis } from '@heed/networks';
import type { ModelOf } from '@heed/nn';
import { defineTask } from '../define-task.js';
import { inBatches } from '../in-batches.js';
import { sequenceAnswer, type SequenceInput } from '../recurrent.js';
import type { Task } from '../task.js';
import { fillIn } from '../unknown.js';
import { decided, textOf } from './cutter.js';
import { filesOf, loading } from './files-wanted.js';
import type { OwnKind, TaskFiles } from './own-kind.js';
import { pairBaselines } from './pair-baselines.js';
import { judgePairs, pairMetrics, type PairOutput } from './pair-figures.js';
import { cutSource, tidySource } from './pairs-reading.js';
import { pairPresets } from './presets.js';
import { settingsFrom } from './settings.js';

type PairNetworks = typeof recurrent | typeof transformer;

/** Input of a model of pairs: a source. */
export type PairInput = Pick<PairExample, 'text'>;

export type PairsTask = Task<PairNetworks, PairInput, PairsDataset>;

/** Settings of a task of pairs, and the files of its data. */
export interface PairsTaskOptions extends TaskFiles, Omit<PairsSettings, 'seed'> {}

const { seed: _seed, ...SETTINGS } = PAIRS_SETTINGS;

/**
 * A task that is learnt from pairs of texts, a source and its target, in somebody's own files: words and their sounds, sentences
 * and their translations, notes and their codes.
 *
 * What texts are cut into is chosen by the data unless settings say it. It is known from the first `load` on, and in the options
 * of the dataset: a task that was defined with these answers without data.
 *
 * @throws HeedError UNKNOWN_OPTION; INVALID_ARGUMENT for settings that are out of range
 */
export function definePairs(options: PairsTaskOptions): PairsTask {
  const { data, validation, test, ...settings } = options;
  checkOptions('definePairs', settings, SETTINGS);
  const files = { data, validation, test };
  let { sourceUnit, targetUnit } = settings;
  const units = (): { source: Unit; target: Unit } => ({
    source: decided('pairs', 'sourceUnit', sourceUnit),
    target: decided('pairs', 'targetUnit', targetUnit),
  });

  async function outputsOf(model: ModelOf<PairNetworks>, inputs: readonly PairInput[], beam: number) {
    const { source: unit, target } = units();
    const { sourceSymbols, copying = false } = model.config;
    const cut = inputs.map(({ text }) => cutSource(text, { symbols: sourceSymbols, copying, unit }));
    const sources = cut.map(({ symbols }) => symbols);
    const found = await search(model, sources, beam);
    return found.map((hypotheses, n) => {
      const outputs = hypotheses.map((one) => ({ ...one, output: fillIn(one, cut[n].units, sources[n]) }));
      return { units: cut[n].units, hypotheses: outputs, text: textOf(target, outputs[0].output) };
    });
  }

  return defineTask<PairNetworks, PairInput, PairsDataset>({
    networks: [recurrent, transformer],
    name: 'pairs',
    title: 'Pairs of texts',
    description:
      'Give a source, get its target as the pairs of your files have it, and see which parts each part came from.',
    limits: [
      'It knows what its files show, and nothing else.',
      'It was judged on pairs of the same files, which are like those that it learnt from.',
    ],
    unit: 'pairs',
    example: 'a source',
    multiline: false,
    presets: pairPresets,
    plain: 'none',
    options: ['beam'],
    metrics: pairMetrics,
    async load(options) {
      const { seed, how } = loading('pairs', options);
      const dataset = await loadPairs(filesOf('pairs', files), { ...settings, seed }, how);
      ({ sourceUnit, targetUnit } = dataset.options);
      return dataset;
    },
    configure({ model }, { sourceSymbols, targetSymbols }, seed) {
      return { ...model, sourceSymbols, targetSymbols, seed };
    },
    outcomes: (model, examples, { beam = 1, ...options } = {}) =>
      inBatches(examples, BATCH_SIZE, options, async (batch) =>
        (await outputsOf(model, batch, beam)).map(({ hypotheses: [{ output, weights }], text }): PairOutput => ({
          units: output,
          text,
          weights,
        })),
      ),
    figures: (examples, outcomes: readonly PairOutput[]) => judgePairs(examples, outcomes, units().target),
    baselines: pairBaselines(() => units().target),
    parse: (text) => ({ text: tidySource(text, settings) }),
    write: ({ text }) => text,
    expected: ({ references }) => references,
    async answer(model, inputs, { beam = 1 } = {}) {
      const { target } = units();
      return (await outputsOf(model, inputs, beam)).map(({ units: source, hypotheses }, n) =>
        sequenceAnswer({ text: inputs[n].text, source } satisfies SequenceInput, hypotheses, (symbols) =>
          textOf(target, symbols),
        ),
      );
    },
  });
}

// Examples between two reports of progress, where the work can be stopped.
const BATCH_SIZE = 256;

// As in translation: sums of log-probabilities favour short outputs (Wu et al. 2016, arXiv:1609.08144, §7).
const LENGTH_PENALTY = 0.6;

async function search(
  model: EncoderDecoder,
  sources: readonly (readonly string[])[],
  beam: number,
): Promise<readonly Hypothesis[][]> {
  if (beam === 1) return (await model.greedy(sources)).map((one) => [one]);
  return model.beam(sources, { width: beam, nBest: beam, lengthPenalty: LENGTH_PENALTY });
}

/** Pairs as a kind of task. */
export const pairs: OwnKind = {
  name: 'pairs',
  title: 'Pairs of texts',
  description:
    'Sources and their targets, in TSV, CSV or JSON Lines, or in two files line by line: a model writes the target of a source.',
  settings: Object.keys(SETTINGS),
  define: (files, settings) =>
    definePairs({ ...settingsFrom<Omit<PairsSettings, 'seed'>>('pairs', settings, SETTINGS), ...files }),
};
