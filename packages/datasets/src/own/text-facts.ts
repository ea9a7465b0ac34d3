/** Lengths of texts. */
export interface LengthFacts {
  readonly least: number;
  readonly median: number;
  readonly p95: number;
  readonly most: number;
}

/** Facts about lengths; all 0 where there is none. */
export function lengthFacts(lengths: Iterable<number>): LengthFacts {
  const sorted = Uint32Array.from(lengths).toSorted();
  const at = (share: number): number => sorted[Math.floor(share * (sorted.length - 1))] ?? 0;
  return { least: at(0), median: at(0.5), p95: at(0.95), most: at(1) };
}

/** Characters that occur. */
export interface AlphabetFacts {
  /** Number of different characters. */
  readonly size: number;
  /** The most common characters with their counts. */
  readonly mostCommon: readonly (readonly [character: string, count: number])[];
  /** Number of characters that occur once or twice, and some of them. */
  readonly rare: number;
  readonly rareExamples: readonly string[];
  /** Names of Unicode's scripts, the most common first, with the counts of their letters. */
  readonly scripts: readonly (readonly [script: string, count: number])[];
}

const SHOWN = 40;
const RARE = 2;

export function alphabetFacts(counts: ReadonlyMap<string, number>): AlphabetFacts {
  const sorted = [...counts].toSorted(([a, n], [b, m]) => m - n || (a < b ? -1 : 1));
  const rare = sorted.filter(([, count]) => count <= RARE).map(([character]) => character);
  const scripts = new Map<string, number>();
  for (const [character, count] of counts) {
    const script = scriptOf(character);
    if (script !== undefined) scripts.set(script, (scripts.get(script) ?? 0) + count);
  }
  return {
    size: counts.size,
    mostCommon: sorted.slice(0, SHOWN),
    rare: rare.length,
    rareExamples: rare.slice(0, SHOWN),
    scripts: [...scripts].toSorted(([, a], [, b]) => b - a),
  };
}

/** Scripts that are told apart; letters of any other are 'other'. */
const SCRIPTS = [
  'Latin',
  'Cyrillic',
  'Greek',
  'Han',
  'Hiragana',
  'Katakana',
  'Hangul',
  'Arabic',
  'Hebrew',
  'Devanagari',
  'Bengali',
  'Tamil',
  'Telugu',
  'Thai',
  'Lao',
  'Khmer',
  'Myanmar',
  'Georgian',
  'Armenian',
  'Ethiopic',
].map((name) => [name, new RegExp(`\\p{Script=${name}}`, 'u')] as const);

function scriptOf(character: string): string | undefined {
  if (!/\p{L}/u.test(character)) return undefined;
  return SCRIPTS.find(([, pattern]) => pattern.test(character))?.[0] ?? 'other';
}
