import { createSeq2Seq, type Seq2Seq, type WatchedStep } from '@heed/networks';
import type { AttentionAnswer, DecoderSetup, DecoderStep, Edit } from '../engine/jobs.js';
import { applyEdits, parametersOf } from './attend.js';
import { loadedModel } from './model.js';
import { LETTERS, PHONEMES, symbolsOf } from './symbols.js';

const PREFIX = 'attention/';
const SHOWN_CANDIDATES = 6;

/** Runs a decoder step by step; it waits for `report` after each step, and ends when `report` returns false. */
export async function watch(
  { model: choice, word, off }: DecoderSetup,
  report: (step: DecoderStep) => Promise<boolean>,
): Promise<{ parameters: AttentionAnswer['parameters'] }> {
  const model = choice === 'loaded' ? loadedModel(off) : seededModel(choice.seed, choice.edits);
  try {
    for await (const step of model.watch(symbolsOf(word, model.config))) {
      if (!(await report(plain(step)))) break;
    }
    return { parameters: choice === 'loaded' ? [] : await attentionParameters(model) };
  } finally {
    if (choice !== 'loaded') model.dispose();
  }
}

/** Untrained model of Bahdanau's kind, small enough to show all its parameters. */
function seededModel(seed: number, edits: readonly Edit[]): Seq2Seq {
  const model = createSeq2Seq({
    kind: 'recurrent',
    sourceSymbols: LETTERS,
    targetSymbols: PHONEMES,
    seed,
    architecture: 'bahdanau',
    cell: 'gru',
    embeddingWidth: 8,
    encoderUnits: 4,
    encoderLayers: 1,
    bidirectional: true,
    decoderUnits: 8,
    attention: { kind: 'additive', units: 8 },
    inputFeeding: false,
    output: 'maxout',
    outputUnits: 8,
    dropout: 0,
  });
  try {
    applyEdits(
      model.parameters,
      edits.map((edit) => ({ ...edit, key: `${PREFIX}${edit.key}` })),
    );
    return model;
  } catch (error) {
    model.dispose();
    throw error;
  }
}

async function attentionParameters({ parameters }: Seq2Seq): Promise<AttentionAnswer['parameters']> {
  const own = Object.entries(parameters).filter(([key]) => key.startsWith(PREFIX));
  return parametersOf({
    parameters: Object.fromEntries(own.map(([key, variable]) => [key.slice(PREFIX.length), variable])),
  });
}

function plain({ symbol, scores, weights, context, candidates }: WatchedStep): DecoderStep {
  return {
    symbol: symbol ?? null,
    scores: scores ?? null,
    weights: weights ?? null,
    context,
    candidates: candidates.slice(0, SHOWN_CANDIDATES).map((one) => ({
      symbol: one.symbol ?? null,
      probability: Math.exp(one.logProbability),
    })),
  };
}
