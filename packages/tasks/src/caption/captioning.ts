import { uniform } from '@heed/base';
import { HeedError } from '@heed/core';
import { joinCaption } from '@heed/datasets';
import { shortest } from '@heed/heatmap';
import { captionerOf, type Caption, type Captioner } from '@heed/networks';
import { augment, fitInto, type Colour, type Picture } from '@heed/pictures';
import { sequenceEvidence } from '../evidence.js';
import { inBatches } from '../in-batches.js';
import { outputsByLanguage } from '../outputs-by-language.js';
import type { Answer, AnswerOptions, JudgeOptions, OutputsByKind, PicturesOfTask } from '../task.js';
import { captionBaselines } from './baselines.js';
import type { Captioned, CaptionedExample, CaptionInput } from './captioned.js';
import { judgeCaptions, type FiguresOf } from './figures.js';
import { overlayOf } from './overlay.js';

const WHITE: Colour = [255, 255, 255];
/** White as often as all others, as any colour behind a picture costs a model most of what it learns at first. */
const BACKGROUNDS: readonly Colour[] = [
  WHITE,
  WHITE,
  WHITE,
  WHITE,
  [0, 0, 0],
  [128, 128, 128],
  [90, 140, 200],
  [240, 225, 160],
];

/**
 * Captioners of whose pictures every other one, at random, is shifted, scaled, tinted and laid on some background in training; the rest is as it is.
 * With all of them changed, it takes twice as long until a model begins to tell pictures apart.
 */
export const drawnCaptioner = captionerOf({
  augment: (picture, purpose) =>
    uniform({ ...purpose, stream: 'pictures', name: `${purpose.name}/whether` })() < 0.5
      ? augment(picture, purpose, { background: BACKGROUNDS })
      : picture,
});

/** What tasks that describe pictures differ in. */
export interface CaptioningOptions {
  readonly figures: FiguresOf;
  /** A language that captions are asked in. @throws HeedError INVALID_ARGUMENT where the task has none of it */
  readonly checkLanguage: (language: string) => string;
}

/** What tasks that describe pictures have in common. */
export const captioning = ({ figures, checkLanguage }: CaptioningOptions) => ({
  networks: [drawnCaptioner],
  options: ['beam'] as const,
  metrics: figures.metrics,
  pictures: {
    most: 1,
    asks: 'language',
    texts: ({ config }) => config.languages,
  } satisfies PicturesOfTask<typeof drawnCaptioner>,
  outputs: outputsByLanguage,
  outcomes: (
    model: Captioner,
    examples: readonly CaptionedExample[],
    { beam, outputs: symbols, ...options }: JudgeOptions = {},
  ) =>
    inBatches(examples, BATCH_SIZE, options, async (batch) =>
      (await write(model, batch, { beam, symbols })).map(([best], n) => captioned(best!, batch[n].language)),
    ),
  figures: (examples: readonly CaptionedExample[], outcomes: readonly Captioned[]) =>
    judgeCaptions(examples, outcomes, figures),
  baselines: captionBaselines(figures),
  parse(text: string, [picture]: readonly Picture[] = []): CaptionInput {
    return { picture: picture!, language: checkLanguage(text.trim().toLowerCase()) };
  },
  /** No text is read but a language, so no text is unlike those that were learnt from. */
  reads: () => '',
  expected: ({ references }: CaptionedExample) => references,
  async answer(model: Captioner, inputs: readonly CaptionInput[], options: AnswerOptions = {}): Promise<Answer[]> {
    const { beam, outputs: symbols } = options;
    const found = await write(model, inputs, { beam, symbols });
    return inputs.map((input, n) => answerOf(input, found[n], model.gridSide));
  },
});

/** Captions of each input, the best first. */
async function write(
  model: Captioner,
  inputs: readonly CaptionInput[],
  { beam = 1, symbols = {} }: Writing,
): Promise<readonly (readonly Caption[])[]> {
  const { size } = model.config;
  const sources = inputs.map(({ picture, language }) => ({ picture: fitInto(picture, size), language }));
  const sets = new Map(Object.entries(symbols).map(([language, own]) => [language, new Set(own)]));
  const allowed = inputs.map(({ language }) => sets.get(language));
  if (beam === 1) return (await model.greedy(sources, { allowed })).map((caption) => [caption]);
  return model.beam(sources, { width: beam, nBest: beam, lengthPenalty: LENGTH_PENALTY, allowed });
}

interface Writing {
  readonly beam: number | undefined;
  /** Symbols of each language; a caption has no others. Of a language that isn't among them it may have all. */
  readonly symbols: OutputsByKind | undefined;
}

// As in translation: sums of log-probabilities favour short outputs (Wu et al. 2016, arXiv:1609.08144, §7).
const LENGTH_PENALTY = 0.6;

// Examples between two reports of progress, where the work can be stopped.
const BATCH_SIZE = 128;

const captioned = ({ output, weights, sentinel }: Caption, language: string): Captioned => ({
  symbols: output,
  text: joinCaption(output, language),
  ...(weights && { weights }),
  ...(sentinel && { sentinel }),
});

function answerOf(input: CaptionInput, [best, ...others]: readonly Caption[], gridSide: number): Answer {
  if (best === undefined) throw new HeedError('INVALID_ARGUMENT', { message: 'a picture has no caption' });
  const { language } = input;
  const { output: symbols, weights, sentinel, logProbability, finished } = best;
  const caption = captioned(best, language);
  return {
    output: caption.text,
    evidence: sequenceEvidence(best),
    alternatives: others.map((other) => ({
      output: joinCaption(other.output, language),
      logProbability: other.logProbability,
    })),
    maps: [],
    ...(weights && { overlay: overlayOf(input, caption, gridSide) }),
    details: {
      language,
      outputSymbols: symbols,
      grid: [gridSide, gridSide],
      weights: weights?.map((row) => Array.from(row, shortest)) ?? null,
      sentinel: sentinel === undefined ? null : Array.from(sentinel, shortest),
      logProbability,
      finished,
    },
  };
}
