import { uniform } from '@heed/base';
import type { CaseOutcome } from '../case.js';
import { contest, ratiosOf, type Standing } from '../contest.js';
import { atLeast, type Figure } from '../figure.js';
import { rounded } from '../statistics.js';
import type { Request } from './messages.js';
import { SIZES } from './models.js';
import type { Remote } from './remote.js';
import { ALL_THREADS, HEED, HEED_THREADS, WEB, WEB_THREADS } from './systems.js';

type Kind = 'decoder' | 'encoder';

interface PretrainedCase {
  readonly name: string;
  readonly title: string;
  /** What is counted a second, and how many of it a run makes. */
  readonly unit: string;
  readonly count: number;
  request(vocabulary: number): Request;
}

const PROMPT = 32;
const NEW = 32;

const CASES: Readonly<Record<Kind, readonly PretrainedCase[]>> = {
  decoder: [
    {
      name: 'first-token',
      title: `the first token after a prompt of ${PROMPT}`,
      unit: 'first tokens',
      count: 1,
      request: (vocabulary) => ({ prompt: tokens(PROMPT, vocabulary), count: 1 }),
    },
    {
      name: 'tokens',
      title: `${NEW} tokens after a prompt of ${PROMPT}, greedy, with a cache`,
      unit: 'tokens',
      count: NEW,
      request: (vocabulary) => ({ prompt: tokens(PROMPT, vocabulary), count: NEW }),
    },
  ],
  encoder: [1, 8].flatMap((batch) =>
    [16, 64, 128].map((time): PretrainedCase => ({
      name: `sentences-b${batch}-t${time}`,
      title: `states of ${batch === 1 ? 'a sentence' : `${batch} sentences`} of ${time} tokens`,
      unit: 'sentences',
      count: batch,
      request: (vocabulary) => ({ sequences: Array.from({ length: batch }, (_, n) => tokens(time, vocabulary, n)) }),
    })),
  ),
};

export const CASE_NAMES: readonly string[] = Object.values(CASES).flatMap((cases) => cases.map(({ name }) => name));

/** Cases of a kind among those that are wanted. */
export const casesOf = (kind: Kind, wanted: readonly string[]): readonly PretrainedCase[] =>
  CASES[kind].filter(({ name }) => wanted.includes(name));

function tokens(count: number, vocabulary: number, index = 0): number[] {
  const next = uniform({ stream: 'inputs', seed: 1, index, name: 'tokens' });
  return Array.from({ length: count }, () => Math.floor(next() * vocabulary));
}

/** Runs a case on all systems in turns. */
export async function runCase(
  { name, title, unit, count, request }: PretrainedCase,
  systems: readonly Remote[],
  vocabulary: number,
  rounds: number,
): Promise<CaseOutcome> {
  const standings = await contest(
    systems.map((remote) => remote.system(request(vocabulary))),
    rounds,
  );
  const rows = standings.map(({ system, ms }) => ({ system, [`${unit} a second`]: rounded((1000 * count) / ms) }));
  const figures = [
    ...against(`${name}: times ${WEB}`, standings, HEED, WEB),
    ...against(`${name}: times ${WEB}, both on ${ALL_THREADS} threads`, standings, HEED_THREADS, WEB_THREADS),
  ];
  return { case: name, title, standings, figures, leftOut: [], rows };
}

/** Least times that Heed must be faster. */
const WANTED = 1;

function against(name: string, standings: readonly Standing[], own: string, peer: string): Figure[] {
  const [ours, theirs] = [own, peer].map((wanted) => standings.find(({ system }) => system === wanted));
  return ours && theirs ? [atLeast(name, WANTED, ratiosOf(theirs, ours), '×')] : [];
}

const MIB = 2 ** 20;

/** What loading took, and the most memory that each process has had by now. */
export function loading(
  kind: Kind,
  size: keyof typeof SIZES,
  systems: readonly Remote[],
  leftOut: readonly string[],
): CaseOutcome {
  const { layers, width, heads, vocabulary } = SIZES[size][kind];
  return {
    case: kind,
    title: `${kind === 'decoder' ? 'GPT-2' : 'BERT'} of ${layers} layers, width ${width}, ${heads} heads, ${vocabulary} tokens: loading, and the peak of the process`,
    standings: [],
    figures: [],
    leftOut,
    rows: systems.map(({ name, loaded, peakBytes }) => ({
      system: name,
      'load, ms': Math.round(loaded.loadMs),
      'peak after loading, MiB': Math.round(loaded.peakBytes / MIB),
      'peak after all, MiB': Math.round(peakBytes / MIB),
    })),
  };
}
