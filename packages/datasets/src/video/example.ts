import type { RgbPicture } from '@heed/pictures';
import type { Dataset } from '../dataset.js';
import { CHANGES } from './changes.js';
import type { Film } from './film.js';

/** What is asked about a film, in the order in which questions are listed. */
export const VIDEO_QUESTIONS = ['what changed', 'which frame'] as const;
export type VideoQuestion = (typeof VIDEO_QUESTIONS)[number];

/** A question about a film that was made. */
export interface VideoExample extends Pick<Film, 'emoji' | 'change' | 'changesAt' | 'backgroundAt'> {
  readonly question: VideoQuestion;
  /** Frames of 32 by 32 pixels, RGB, drawn anew each time that they are asked for. */
  readonly frames: readonly RgbPicture[];
  /** Answer: 'it moved left', 'frame 3'. */
  readonly text: string;
  /** Answers that are right, as words. */
  readonly targets: readonly (readonly string[])[];
}

/** Dataset of short films with questions. */
export interface VideoDataset extends Dataset<VideoExample> {
  /** Words of answers, sorted. */
  readonly symbols: readonly string[];
  readonly questions: readonly VideoQuestion[];
}

const ANSWERS: Readonly<Record<VideoQuestion, (film: Film) => readonly string[]>> = {
  'what changed': ({ change }) => CHANGES[change].answer,
  'which frame': ({ changesAt }) => (changesAt === undefined ? ['no', 'frame'] : ['frame', String(changesAt + 1)]),
};

/** Each question about a film. */
export const examplesOf = (film: Film): VideoExample[] =>
  VIDEO_QUESTIONS.map((question) => {
    const answer = ANSWERS[question](film);
    const { emoji, change, changesAt, backgroundAt } = film;
    return {
      emoji,
      change,
      changesAt,
      backgroundAt,
      question,
      get frames() {
        return film.frames;
      },
      text: answer.join(' '),
      targets: [answer],
    };
  });
