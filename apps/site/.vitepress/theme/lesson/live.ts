import { ref, shallowRef, type InjectionKey, type Ref } from 'vue';
import type * as Library from '../../../lessons/compute.js';
import type { Numbers } from '../../../lessons/compute.js';
import type { StepTable } from '../../../lessons/step.js';

/** What a step says of itself beside its button. */
type Said = 'opening' | 'failed' | 'notANumber' | 'noResult';

/** A step, for what is in it. */
export interface Live {
  readonly tables: readonly StepTable[];
  /** What fields show, by symbol; undefined until the reader starts. */
  readonly fields: Ref<Fields | undefined>;
  /** Results of the last fields that had some. */
  readonly results: Ref<Numbers>;
  readonly said: Ref<Said | undefined>;
  /** Loads Heed, and shows fields. */
  start(): Promise<void>;
  /** Gives all fields what is written on the page. */
  reset(): void;
  set(symbol: string, row: number, column: number, text: string): void;
}

/** Texts of fields, of which some may not be numbers yet. */
type Fields = Readonly<Record<string, readonly (readonly string[])[]>>;

export const LIVE: InjectionKey<Live> = Symbol('live step');

/** A step that hasn't been started. */
export function liveStep(op: string, tables: readonly StepTable[]): Live {
  const fields = shallowRef<Fields>();
  const results = shallowRef<Numbers>({});
  const said = ref<Said>();
  let library: typeof Library | undefined;

  function show(next: Fields): void {
    fields.value = next;
    const numbers = numbersOf(next);
    const found = numbers && library!.resultsOf(op, tables, numbers);
    if (found) results.value = found;
    if (numbers === undefined) said.value = 'notANumber';
    else said.value = found ? undefined : 'noResult';
  }

  const reset = (): void => show(asWritten(tables));
  return {
    tables,
    fields,
    results,
    said,
    reset,
    async start() {
      said.value = 'opening';
      try {
        library = await import('../../../lessons/compute.js');
        await library.openLibrary();
      } catch {
        said.value = 'failed';
        return;
      }
      reset();
    },
    set(symbol, row, column, text) {
      const rows = fields.value![symbol]!.map((cells, n) => (n === row ? cells.with(column, text) : cells));
      show({ ...fields.value, [symbol]: rows });
    },
  };
}

const asWritten = (tables: readonly StepTable[]): Fields =>
  Object.fromEntries(
    tables
      .filter(({ isGiven }) => isGiven)
      .map(({ symbol, rows }) => [symbol, rows.map(({ numbers }) => numbers.map(String))]),
  );

/** Numbers of fields; undefined while one of them is none. */
function numbersOf(fields: Fields): Numbers | undefined {
  const all = Object.values(fields).flat(2);
  if (all.some((text) => text.trim() === '' || !Number.isFinite(Number(text)))) return undefined;
  const rowsOf = (rows: readonly (readonly string[])[]): number[][] => rows.map((row) => row.map(Number));
  return Object.fromEntries(Object.entries(fields).map(([symbol, rows]) => [symbol, rowsOf(rows)]));
}
