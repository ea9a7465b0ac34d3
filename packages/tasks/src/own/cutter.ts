import { HeedError } from '@heed/base';
import { cutInto, joinPieces, joinUnits, Segmenter, UNKNOWN, type Unit } from '@heed/datasets';

/** Cuts texts into the symbols of a model's vocabulary, and joins them again. */
export interface Cutter {
  /** Units of a text as they stand in it, and the symbols that the model knows them by: `<unk>` for each that it doesn't know. */
  cut(text: string): { readonly units: readonly string[]; readonly symbols: readonly string[] };
}

const made = new WeakMap<readonly string[], Map<Unit, Cutter>>();

/** The cutter of a vocabulary; made once, since texts of one model are cut again and again. */
export function cutterOf(unit: Unit, vocabulary: readonly string[]): Cutter {
  const known = made.get(vocabulary) ?? new Map<Unit, Cutter>();
  made.set(vocabulary, known);
  const cutter = known.get(unit) ?? create(unit, vocabulary);
  known.set(unit, cutter);
  return cutter;
}

function create(unit: Unit, vocabulary: readonly string[]): Cutter {
  if (unit === 'pieces') {
    const segmenter = new Segmenter(vocabulary);
    return {
      cut(text) {
        const units = segmenter.segment(text);
        return { units, symbols: segmenter.symbols(units) };
      },
    };
  }
  const known = new Set(vocabulary);
  return {
    cut(text) {
      const units = cutInto(unit, text);
      return { units, symbols: units.map((one) => (known.has(one) ? one : UNKNOWN)) };
    },
  };
}

/** Text of a model's symbols. */
export const textOf = (unit: Unit, symbols: readonly string[]): string =>
  unit === 'pieces' ? joinPieces(symbols) : joinUnits(unit, symbols);

/**
 * A unit that settings or data have decided.
 *
 * @throws HeedError INVALID_ARGUMENT before either has
 */
export function decided(task: string, side: 'sourceUnit' | 'targetUnit', unit: Unit | undefined): Unit {
  if (unit !== undefined) return unit;
  throw new HeedError('INVALID_ARGUMENT', {
    message: `${task}: ${side} is not known yet: the data decide it`,
    hint: `load the data first, or give the options of a dataset, which have ${side}`,
  });
}
