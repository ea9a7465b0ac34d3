/** Colours of pages and plots by name, in light and in dark: text has a contrast of at least 4.5 to the paper, marks of at least 3. */
const COLOURS = {
  paper: ['#ffffff', '#14161a'],
  ink: ['#1d2127', '#e8e6e1'],
  faint: ['#5b636e', '#a5abb5'],
  line: ['#d9d6ce', '#363b44'],
  warn: ['#8a4b00', '#ffc46b'],
  mark0: ['#8a2f5b', '#f08db8'],
  mark1: ['#1f6f8b', '#6cc5e0'],
  mark2: ['#5b7a1e', '#a9cf5b'],
  mark3: ['#9a5b00', '#f0b35a'],
  mark4: ['#5a4fb0', '#a9a0f5'],
  mark5: ['#7a6a5a', '#c7b8a6'],
  mark6: ['#1d2127', '#e8e6e1'],
} as const satisfies Readonly<Record<string, readonly [light: string, dark: string]>>;

type Name = keyof typeof COLOURS;

/** A colour as CSS has it. */
export const colour = (name: Name): string => `var(--${name})`;

const MARKS = (Object.keys(COLOURS) as Name[]).filter((name) => name.startsWith('mark'));

/** The colour of a series by its number. */
export const mark = (n: number): string => colour(MARKS[n % MARKS.length]);

const named = (of: 0 | 1): string =>
  Object.entries(COLOURS)
    .map(([name, both]) => `--${name}:${both[of]}`)
    .join(';');

/** Style sheet that gives the colours their values, as the reader's system wants them. */
export const PALETTE = `:root{${named(0)};color-scheme:light dark}@media (prefers-color-scheme:dark){:root{${named(1)}}}`;
