import { loadVideo, type Dataset, type VideoDataset, type VideoExample, type VideoOptions } from '@heed/datasets';
import type { CaptionExample } from '@heed/networks';

/** A question about a film as a captioner takes it: the frames are its picture, and the question is in the place of the language. */
export interface FilmQuestion extends VideoExample, CaptionExample {
  readonly picture: VideoExample['frames'];
}

export type FilmQuestions = Pick<VideoDataset, 'symbols' | 'questions'> & Dataset<FilmQuestion>;

/** Films and questions for captioners. */
export async function loadFilmQuestions(options: VideoOptions): Promise<FilmQuestions> {
  const { task, version, options: loaded, symbols, questions, describe, ...parts } = await loadVideo(options);
  const [train, validation, test] = [parts.train, parts.validation, parts.test].map((part) => part.map(filmQuestion));
  return { task, version, options: loaded, symbols, questions, describe, train, validation, test };
}

/** Frames are drawn when they are asked for, so nothing is copied that draws them. */
const filmQuestion = (example: VideoExample): FilmQuestion => {
  const { emoji, change, changesAt, backgroundAt, question, text, targets } = example;
  return {
    emoji,
    change,
    changesAt,
    backgroundAt,
    question,
    language: question,
    text,
    targets,
    get frames() {
      return example.frames;
    },
    get picture() {
      return example.frames;
    },
  };
};
