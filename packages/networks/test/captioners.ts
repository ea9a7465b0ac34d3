import type { Captioned } from '../src/captioner/captioner.js';
import type { CaptionerConfig, RecurrentCaption } from '../src/captioner/config.js';
import type { CaptionExample } from '../src/captioner/kind.js';
import type { Pixels } from '../src/captioner/picture.js';

const SIZE = 16;
const COLOURS = { red: [230, 30, 20], green: [20, 200, 40], blue: [30, 40, 220] } as const;
const WORDS = {
  en: { red: 'red', green: 'green', blue: 'blue', names: ['upper left', 'upper right', 'lower left', 'lower right'] },
  de: { red: 'rot', green: 'grün', blue: 'blau', names: ['oben links', 'oben rechts', 'unten links', 'unten rechts'] },
} as const;

type Colour = keyof typeof COLOURS;
type Language = keyof typeof WORDS;

/** Squares of 6 × 6 pixels in corners of a grey picture. */
export function drawn(squares: readonly (readonly [Colour, corner: number])[]): Pixels {
  const data = new Uint8Array(SIZE * SIZE * 3).fill(120);
  for (const [colour, corner] of squares) {
    const [top, left] = [corner < 2 ? 1 : 9, corner % 2 === 0 ? 1 : 9];
    for (let y = top; y < top + 6; y++)
      for (let x = left; x < left + 6; x++) data.set(COLOURS[colour], (y * SIZE + x) * 3);
  }
  return { width: SIZE, height: SIZE, channels: 3, data };
}

/** What is seen, from the upper left on: "red upper left blue lower right". */
const told = (squares: readonly (readonly [Colour, number])[], language: Language): string[] =>
  squares.flatMap(([colour, corner]) => `${WORDS[language][colour]} ${WORDS[language].names[corner]}`.split(' '));

const all = Object.keys(COLOURS) as Colour[];
const pairs = [0, 1, 2].flatMap((a) => [1, 2, 3].filter((b) => b > a).map((b) => [a, b] as const));

/** Two squares in two corners: each in both languages. */
export const EXAMPLES: readonly CaptionExample[] = pairs.flatMap(([a, b]) =>
  all.flatMap((first) =>
    all.flatMap((second) => {
      const squares = [
        [first, a],
        [second, b],
      ] as const;
      const picture = drawn(squares);
      return (Object.keys(WORDS) as Language[]).map((language) => ({
        picture,
        language,
        targets: [told(squares, language)],
      }));
    }),
  ),
);

/** Frames of each film. */
const FRAMES = 3;

/** Two squares, of which one comes first: told in the order of time, so that frames of the end alone don't say it. */
export const FILMS: readonly CaptionExample[] = pairs.flatMap(([a, b]) =>
  all.flatMap((first) =>
    all.flatMap((second) => {
      const squares = [
        [first, a],
        [second, b],
      ] as const;
      return [squares, [squares[1], squares[0]]].map((order) => ({
        picture: [drawn([]), drawn(order.slice(0, 1)), drawn(squares)],
        language: 'en',
        targets: [told(order, 'en')],
      }));
    }),
  ),
);

export const examplesOf = ({ frames = 1 }: CaptionerConfig): readonly CaptionExample[] =>
  frames === 1 ? EXAMPLES : FILMS;

export const itemsOf = (examples: readonly CaptionExample[]): Captioned[] =>
  examples.map(({ targets, ...rest }) => ({ ...rest, target: targets[0] }));

const recurrent: RecurrentCaption = {
  kind: 'recurrent',
  architecture: 'bahdanau',
  cell: 'gru',
  embeddingWidth: 8,
  units: 24,
  outputUnits: 16,
  attention: { kind: 'additive', units: 16 },
};

export function tinyCaptioner(
  decoder: Partial<RecurrentCaption> | CaptionerConfig['decoder'] = {},
  changes: Partial<CaptionerConfig> = {},
): CaptionerConfig {
  return {
    kind: 'captioner',
    targetSymbols: [...new Set(EXAMPLES.flatMap(({ targets }) => targets.flat()))],
    languages: Object.keys(WORDS),
    seed: 5,
    size: SIZE,
    channels: 3,
    width: 16,
    encoder: { kind: 'convolutional', filters: [8, 16] },
    decoder:
      decoder.kind === 'transformer'
        ? (decoder as CaptionerConfig['decoder'])
        : ({ ...recurrent, ...decoder } as RecurrentCaption),
    dropout: 0,
    ...changes,
  };
}

/** One of each kind of model. */
export const CAPTIONERS: readonly (readonly [string, CaptionerConfig])[] = [
  ['soft attention, with gate and evenness', tinyCaptioner({ gate: true, evenness: 0.1 })],
  [
    'adaptive attention, LSTM',
    tinyCaptioner({ architecture: 'luong', cell: 'lstm', attention: { kind: 'visualSentinel', units: 12 } }),
  ],
  ['coverage', tinyCaptioner({ attention: { kind: 'coverage', units: 12 } })],
  ['none', tinyCaptioner({ attention: { kind: 'none' } })],
  // Of this seed no rectifier's kink is near what an even background gives, where a difference would see it and a gradient not.
  ['films', tinyCaptioner({ gate: true, evenness: 0.1 }, { frames: FRAMES, seed: 6 })],
  [
    'films, transformer, patches',
    tinyCaptioner(
      { kind: 'transformer', heads: 2, layers: 1, feedForwardWidth: 24, tiedEmbeddings: true },
      { frames: FRAMES, encoder: { kind: 'patches', patch: 8, layers: 1, heads: 2, feedForwardWidth: 24 } },
    ),
  ],
  [
    'transformer, patches',
    tinyCaptioner(
      { kind: 'transformer', heads: 2, layers: 2, feedForwardWidth: 24, tiedEmbeddings: true },
      { encoder: { kind: 'patches', patch: 4, layers: 1, heads: 2, feedForwardWidth: 24 } },
    ),
  ],
];
