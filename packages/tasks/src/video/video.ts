import { HeedError, show } from '@heed/core';
import { VIDEO_FRAMES, VIDEO_QUESTIONS, VIDEO_SIDE } from '@heed/datasets';
import { captioner, type Caption, type Captioner } from '@heed/networks';
import { fitInto, type Picture } from '@heed/pictures';
import { defineTask } from '../define-task.js';
import { sequenceEvidence } from '../evidence.js';
import { inBatches } from '../in-batches.js';
import type { Answer } from '../task.js';
import { videoBaselines } from './baselines.js';
import { judgeAnswers, videoMetrics } from './figures.js';
import { loadFilmQuestions, type FilmQuestion, type FilmQuestions } from './film-questions.js';
import { stripOf } from './overlay.js';
import { videoPresets } from './presets.js';

/** A question about the frames of a short film, of any size; after fewer than a model reads the last one stays. */
export interface VideoInput {
  readonly frames: readonly Picture[];
  readonly question: string;
}

const QUESTIONS: readonly string[] = VIDEO_QUESTIONS;

/** Questions about short films: what changed, and in which frame. */
export const video = defineTask<typeof captioner, VideoInput, FilmQuestions>({
  name: 'video',
  networks: [captioner],
  title: 'What changes in a short film',
  description:
    'Give the frames of a short film, ask what changed or in which frame, and see for each word of the answer at which part of which frame the model looked.',
  limits: [
    'It learnt from films that a program made: one drawn emoji on a background of one colour, which changes once. Of a filmed scene it says what that reminds it of.',
    `It reads ${VIDEO_FRAMES} frames of ${VIDEO_SIDE} by ${VIDEO_SIDE} pixels: more are refused, and after fewer the last one stays.`,
    'It knows two questions and nine changes, and tells the first frame after a change, not how long a change takes.',
  ],
  unit: 'questions',
  example: 'what changed',
  multiline: false,
  pictures: {
    most: VIDEO_FRAMES,
    asks: 'question',
    texts: ({ config }) => config.languages,
  },
  presets: videoPresets,
  plain: 'none',
  options: [],
  metrics: videoMetrics,
  load: loadFilmQuestions,
  configure: ({ model }, { symbols, questions }, seed) => ({
    ...model,
    targetSymbols: symbols,
    languages: questions,
    seed,
  }),
  outcomes: (model, examples, options = {}) =>
    inBatches(examples, BATCH_SIZE, options, async (batch) =>
      (await write(model, batch)).map(({ frames, caption: { output, weights } }) => ({
        text: output.join(' '),
        looks: weights?.map((row) => sharesOfFrames(row, frames.length)),
      })),
    ),
  figures: judgeAnswers,
  baselines: videoBaselines,
  parse(text, frames = []) {
    const question = text
      .trim()
      .toLowerCase()
      .replace(/\s*\?$/, '');
    if (QUESTIONS.includes(question)) return { frames, question };
    throw new HeedError('INVALID_ARGUMENT', {
      message: `video: the question is ${show(text)}`,
      hint: `one of ${QUESTIONS.join(', ')}`,
      details: { question: text, questions: QUESTIONS },
    });
  },
  write: (input) => ('emoji' in input ? `${input.question}: ${String(input.emoji)}` : input.question),
  /** No text is read but a question, so no text is unlike those that were learnt from. */
  reads: () => '',
  expected: ({ text }: FilmQuestion) => [text],
  answer: async (model, inputs) => (await write(model, inputs)).map((written) => answerOf(written, model.gridSide)),
});

// Examples between two reports of progress, where the work can be stopped.
const BATCH_SIZE = 128;

interface Written {
  readonly question: string;
  /** Frames as the model saw them. */
  readonly frames: readonly Picture[];
  readonly caption: Caption;
}

async function write(model: Captioner, inputs: readonly VideoInput[]): Promise<Written[]> {
  const { size, frames: count = 1 } = model.config;
  const sources = inputs.map(({ frames, question }) => {
    const seen = frames.map((frame) => fitInto(frame, size));
    return { frames: Array.from({ length: count }, (_, n) => seen[Math.min(n, seen.length - 1)]), question };
  });
  const captions = await model.greedy(sources.map(({ frames, question }) => ({ picture: frames, language: question })));
  return sources.map(({ frames, question }, n) => ({ frames, question, caption: captions[n] }));
}

/** Share of each frame in weights over the places of all. */
function sharesOfFrames(weights: Float32Array, frames: number): number[] {
  const places = weights.length / frames;
  return Array.from({ length: frames }, (_, n) =>
    weights.subarray(n * places, (n + 1) * places).reduce((sum, weight) => sum + weight, 0),
  );
}

function answerOf({ question, frames, caption }: Written, gridSide: number): Answer {
  const { output: symbols, weights, logProbability, finished } = caption;
  const output = symbols.join(' ');
  return {
    output,
    evidence: sequenceEvidence(caption),
    alternatives: [],
    maps: [],
    ...(weights && { overlay: stripOf(frames, { symbols, weights, title: `${question}? ${output}` }, gridSide) }),
    details: {
      question,
      outputSymbols: symbols,
      looks: weights === undefined ? null : weights.map((row) => sharesOfFrames(row, frames.length)),
      logProbability,
      finished,
    },
  };
}
