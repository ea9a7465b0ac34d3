import { CAPTION_STYLES } from '../caption/styles.js';
import type { Dataset, DatasetSummary } from '../dataset.js';
import type { Split } from '../split.js';
import { CHANGE_NAMES, CHANGES } from './changes.js';
import { FRAME_SIDE } from './draw.js';
import { VIDEO_QUESTIONS, type VideoExample } from './example.js';
import { FRAMES } from './film.js';
import { VIDEO_STYLE, type Thing } from './things.js';

type Data = Pick<Dataset<VideoExample>, 'task' | 'version' | 'options' | Split>;

/** Summary of the dataset: facts that a reader of results needs. */
export function summarizeVideo(
  { task, version, options, ...splits }: Data,
  things: Readonly<Record<Split, readonly Thing[]>>,
): DatasetSummary {
  const { title, source, licence } = CAPTION_STYLES[VIDEO_STYLE];
  const all = [...splits.train, ...splits.validation, ...splits.test];
  return {
    task,
    version,
    options,
    title: 'Short films made of pictures of emoji, with questions about them',
    source,
    url: 'https://github.com/microsoft/fluentui-emoji',
    licence: `${title}: ${licence}; films: made by this package, Apache-2.0`,
    counts: {
      examples: all.length,
      films: all.length / VIDEO_QUESTIONS.length,
      framesOfAFilm: FRAMES,
      ...Object.fromEntries((Object.keys(things) as Split[]).map((split) => [split, splits[split].length])),
      ...Object.fromEntries(
        (Object.keys(things) as Split[]).map((split) => [`${split}Pictures`, things[split].length]),
      ),
      ...Object.fromEntries(
        CHANGE_NAMES.map((name) => [
          CHANGES[name].answer.join(' '),
          all.filter(({ change }) => change === name).length / VIDEO_QUESTIONS.length,
        ]),
      ),
    },
    alphabets: {},
    examples: VIDEO_QUESTIONS.flatMap((question) => {
      const example = splits.test.find((one) => one.question === question);
      return example === undefined ? [] : [`${example.emoji} ${question}: ${example.text}`];
    }),
    notes: [
      `Made, not filmed: a program draws ${FRAMES} frames of ${FRAME_SIDE} by ${FRAME_SIDE} pixels by the seed, one emoji on a background of one colour.`,
      'Between two frames the emoji moves by 5 to 8 pixels, turns by a quarter, grows, shrinks, fades or becomes another one, or it stays as it is; each is as common as the others, and so is each frame.',
      'In half of the films the background changes its colour in another frame; no question is about that.',
      'A concept, with all its genders and hair, is in one part, as are concepts whose pictures are near-identical: what moves in the test was never seen in training. Emoji with skin tones are left out.',
      'Frames are drawn when they are asked for.',
    ],
  };
}
