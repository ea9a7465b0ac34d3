import type { HeadPlace } from '@heed/networks';
import * as v from 'valibot';
import { BACKENDS, FORMULA_MECHANISMS, MECHANISMS, OPS, TOYS, VECTORS, type Edit } from '../engine/jobs.js';
import { CUTS } from './tokens.js';

/** A field of a link: its key, how it is read from text and written, and its default. */
export interface Field<T> {
  readonly key: string;
  readonly schema: v.GenericSchema<string, T>;
  readonly fallback: T;
  /** Text of a value; undefined when the link leaves the field out. */
  write(value: T): string | undefined;
}

function field<T>(
  key: string,
  schema: v.GenericSchema<string, T>,
  fallback: T,
  write: (value: T) => string | undefined = String,
): Field<T> {
  return { key, schema, fallback, write };
}

const oneOf = <const Names extends readonly string[]>(names: Names) =>
  v.picklist(names) as unknown as v.GenericSchema<string, Names[number]>;

const whole = (least: number, most: number) =>
  v.pipe(v.string(), v.regex(/^\d{1,16}$/), v.transform(Number), v.safeInteger(), v.minValue(least), v.maxValue(most));

const real = (least: number, most: number) =>
  v.pipe(
    v.string(),
    v.regex(/^-?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i),
    v.maxLength(32),
    v.transform(Number),
    v.finite(),
    v.minValue(least),
    v.maxValue(most),
  );

const text = (most: number) => v.pipe(v.string(), v.maxLength(most));

const flag = v.pipe(
  v.picklist(['0', '1']),
  v.transform((given) => given === '1'),
) as v.GenericSchema<string, boolean>;
const writeFlag = (value: boolean): string => (value ? '1' : '0');

/** Schema of a field that may be null, which is written as an empty text. */
const optional = <T>(schema: v.GenericSchema<string, T>): v.GenericSchema<string, T | null> =>
  v.union([
    v.pipe(
      v.literal(''),
      v.transform(() => null),
    ),
    schema,
  ]) as v.GenericSchema<string, T | null>;
const writeOptional = (value: number | null): string => (value === null ? '' : String(value));

const seed = whole(0, Number.MAX_SAFE_INTEGER);

// Greatest number of edits, enough for changes by hand; links would be too long with more.
export const MOST_EDITS = 64;

const edits = v.pipe(
  v.string(),
  v.maxLength(4096),
  v.transform((given) => (given === '' ? [] : given.split('~').map((one) => one.split('!')))),
  v.maxLength(MOST_EDITS),
  v.array(v.tuple([v.pipe(v.string(), v.regex(/^[a-z][a-z_]{0,39}$/)), whole(0, 2 ** 20), real(-1e6, 1e6)])),
  v.transform((list) => list.map(([key, index, value]): Edit => ({ key, index, value }))),
) as unknown as v.GenericSchema<string, readonly Edit[]>;
const writeEdits = (list: readonly Edit[]): string =>
  list.map(({ key, index, value }) => `${key}!${index}!${value}`).join('~');

/** Two whole numbers, such as the sides of a window or the place of a cell. */
const pair = v.pipe(
  v.string(),
  v.regex(/^\d{1,3}\.\d{1,3}$/),
  v.transform((given) => given.split('.').map(Number) as [number, number]),
) as unknown as v.GenericSchema<string, readonly [number, number]>;
const writePair = (two: readonly [number, number] | null): string => two?.join('.') ?? '';

// Greatest number of heads in a link: more than the shipped models have.
const MOST_HEADS = 64;

/** Heads of layers: 'encoder/0/attention.2~layers/1/attention.0'. */
const heads = v.pipe(
  v.string(),
  v.maxLength(2048),
  v.transform((given) => (given === '' ? [] : given.split('~').map((one) => one.split('.')))),
  v.maxLength(MOST_HEADS),
  v.array(v.strictTuple([v.pipe(v.string(), v.regex(/^[a-z][a-z0-9_/]{0,39}$/)), whole(0, 255)])),
  v.transform((list) => list.map(([layer, head]): HeadPlace => ({ layer, head }))),
) as unknown as v.GenericSchema<string, readonly HeadPlace[]>;
const writeHeads = (list: readonly HeadPlace[]): string => list.map(({ layer, head }) => `${layer}.${head}`).join('~');

const languageTags = v.pipe(
  v.string(),
  v.regex(/^(?:[A-Za-z0-9-]{1,35}(?:\.[A-Za-z0-9-]{1,35}){0,31})?$/),
  v.transform((given) => (given === '' ? [] : given.split('.'))),
) as unknown as v.GenericSchema<string, readonly string[]>;

export const VIEWS = [
  'read',
  'formula',
  'model',
  'tasks',
  'picture',
  'train',
  'keras',
  'yourModel',
  'maps',
  'backends',
] as const;
/** View that the page opens with when it is opened without a link. */
export const FIRST_VIEW = 'read' satisfies (typeof VIEWS)[number];
/** Greatest length of weights that a link holds. */
export const MOST_MAPS_TEXT = 500;
export const PHASES = ['e', 'α', 'c', 'y'] as const;
export const WIDTHS = [4, 8, 16] as const;
export const HEADS = [1, 2, 4] as const;
export const ARCHITECTURES = ['bahdanau', 'luong'] as const;
/** Languages that the view Read translates into. */
export const INTO = ['fr', 'de', 'zh'] as const;
export type Into = (typeof INTO)[number];
/** What the training view learns from. */
export const SOURCES = ['toy', 'words', 'own'] as const;
export const UNITS = [32, 64, 96, 128] as const;

const size = <const Sizes extends readonly number[]>(sizes: Sizes) =>
  v.pipe(v.picklist(sizes.map(String)), v.transform(Number)) as unknown as v.GenericSchema<string, Sizes[number]>;

/** All fields of a link. The keys in the hash are short, and never change their meaning within a version. */
export const FIELDS = {
  /** The formula in a link that names none, as it was before there were others. A first visit has another: `FIRST_VIEW`. */
  view: field('view', oneOf(VIEWS), 'formula'),
  /** Whether the page shows the view alone, for lessons and frames. */
  bare: field('bare', flag, false, writeFlag),
  backend: field('on', oneOf(BACKENDS), BACKENDS[0]),

  /** Sentence to translate; null for the one whose reading the page has kept. */
  sentence: field<string | null>('rt', text(200), null, (value) => value ?? undefined),
  /** Heads of the translator that are switched off. */
  sentenceOff: field<readonly HeadPlace[]>('ro', heads, [], writeHeads),
  /** Language to translate into; null for one that suits the page's. */
  into: field<Into | null>('ri', oneOf(INTO), null, (value) => value ?? undefined),

  mode: field('is', oneOf(['attention', 'decoder', 'transformer'] as const), 'attention'),
  mechanism: field('m', oneOf(FORMULA_MECHANISMS), 'scaledDotProduct'),
  /** What stands beside the attention: another mechanism or another backend; null for nothing. */
  beside: field<(typeof FORMULA_MECHANISMS)[number] | (typeof BACKENDS)[number] | null>(
    'vs',
    oneOf([...FORMULA_MECHANISMS, ...BACKENDS]),
    null,
    (value) => value ?? undefined,
  ),
  query: field('q', text(400), 'the cat sat down'),
  memory: field('k', text(400), 'the cat sat down'),
  queryCut: field('qc', oneOf(CUTS), 'auto'),
  memoryCut: field('kc', oneOf(CUTS), 'auto'),
  vectors: field('v', oneOf(VECTORS), 'words'),
  width: field<number>('d', size(WIDTHS), 8),
  heads: field<number>('h', size(HEADS), 2),
  seed: field('s', seed, 1),
  edits: field<readonly Edit[]>('e', edits, [], writeEdits),
  positions: field('pos', flag, false, writeFlag),
  temperature: field('t', real(0.01, 100), 1),
  softCap: field<number | null>('cap', optional(real(0.01, 1000)), null, writeOptional),
  dropout: field('drop', real(0, 0.95), 0),
  dropoutSeed: field('ds', seed, 1),
  causal: field('c', flag, false, writeFlag),
  window: field<readonly [number, number] | null>('w', optional(pair), null, writePair),
  /** Row and column of the cell whose numbers are worked through. */
  cell: field<readonly [number, number] | null>('cell', optional(pair), null, writePair),
  length: field<number | null>('len', optional(whole(0, 64)), null, writeOptional),

  decoderModel: field('dm', oneOf(['loaded', 'seed'] as const), 'loaded'),
  decoderWord: field('dw', text(40), 'attention'),
  decoderSeed: field('dseed', seed, 1),
  decoderEdits: field<readonly Edit[]>('de', edits, [], writeEdits),
  step: field('i', whole(0, 200), 0),
  phase: field('ph', whole(0, PHASES.length - 1), 0),

  blockText: field('bt', text(32), 'kat'),
  blockStep: field('bi', whole(0, 64), 0),

  word: field('word', text(40), 'attention'),
  search: field('by', oneOf(['greedy', 'beam'] as const), 'greedy'),
  beamWidth: field('bw', whole(1, 16), 4),
  penalty: field('lp', real(0, 2), 0),

  task: field('task', text(20), 'g2p'),
  /** Text of the input; null for the task's own example, since some tasks accept an empty text. */
  taskText: field<string | null>('tt', text(1000), null, (value) => value ?? undefined),
  taskSeed: field('tse', seed, 1),
  /** Heads of the task's model that are switched off. */
  taskOff: field<readonly HeadPlace[]>('to', heads, [], writeHeads),

  /** Name of the sample picture; empty for a picture of the reader's own, which no link has. */
  sample: field('sam', text(40), 'man-student'),
  /** Languages of the captions; empty for all that the captioner has. */
  captionLanguages: field<readonly string[]>('cpl', languageTags, [], (tags) => tags.join('.')),

  /** What is learnt from; null for what the other settings say: see `train-source.ts`. */
  trainSource: field<(typeof SOURCES)[number] | null>('tf', oneOf(SOURCES), null, (value) => value ?? undefined),
  toy: field('toy', oneOf(TOYS), 'copy'),
  toySeed: field('toys', seed, 1),
  trainSeed: field('ts', seed, 1),
  trainAttention: field('ta', oneOf(MECHANISMS), 'general'),
  trainArchitecture: field('tr', oneOf(ARCHITECTURES), 'luong'),
  trainUnits: field<number>('tu', size(UNITS), 96),
  trainSteps: field('tn', whole(1, 100_000), 2000),
  trainBatch: field('tb', whole(1, 256), 32),
  trainRate: field('tlr', real(0.00001, 1), 0.01),
  trainWord: field('tw', text(40), 'attention'),

  /** Weights that the reader has typed; null for the example, and for those too long for a link. */
  mapsText: field<string | null>('mx', text(MOST_MAPS_TEXT), null, (value) => value ?? undefined),

  op: field('op', oneOf(OPS), 'dotProductAttention'),
  batch: field('cb', whole(1, 16), 1),
  compareHeads: field('ch', whole(1, 16), 2),
  compareLength: field('cl', whole(1, 512), 64),
  compareWidth: field('cd', whole(1, 128), 32),
  compareCausal: field('cc', flag, true, writeFlag),
  gradients: field('cg', flag, false, writeFlag),
  compareSeed: field('cs', seed, 1),
} as const;

type Fields = typeof FIELDS;
/** State of the page as plain data: the value of each field. */
export type State = { -readonly [Name in keyof Fields]: Fields[Name] extends Field<infer T> ? T : never };
