import { foldCharacters } from './characters.js';
import type { LocaleFormats } from './styles.js';

/** A day of the Gregorian calendar. */
export interface CalendarDate {
  readonly year: number;
  /** Number of the month, from 1. */
  readonly month: number;
  readonly day: number;
}

/** Field that a piece of a written date shows; undefined for weekdays and for text that is the same in every date. */
type DateField = 'year' | 'month' | 'day' | undefined;

interface WrittenDate {
  /** Written date, folded; see `foldCharacters`. */
  readonly text: string;
  /** Field of each character (code point) of the text. */
  readonly fields: readonly DateField[];
}

export type DateWriter = (date: CalendarDate) => WrittenDate;

interface Piece {
  readonly field: DateField;
  readonly say: (date: CalendarDate) => string;
}

/** Writer of dates in one pattern of a locale. */
export function dateWriter(pattern: string, formats: LocaleFormats): DateWriter {
  const pieces = Array.from(pattern.matchAll(/\{(\w+)(?::(\d+))?\}|[^{]+/g), ([literal, name, list]) =>
    name === undefined ? constant(foldCharacters(literal)) : variable(name, Number(list), formats),
  );
  return (date) => {
    let text = '';
    const fields: DateField[] = [];
    for (const { field, say } of pieces) {
      const said = say(date);
      text += said;
      for (const _ of said) fields.push(field);
    }
    return { text, fields };
  };
}

const constant = (text: string): Piece => ({ field: undefined, say: () => text });

function variable(name: string, list: number, { digits, months, weekdays }: LocaleFormats): Piece {
  const number = (value: number, width: number): string =>
    Array.from(String(value).padStart(width, '0'), (digit) => digits[Number(digit)]).join('');
  const names = (name === 'month' ? months[list] : name === 'weekday' ? weekdays[list] : undefined)?.map(
    foldCharacters,
  );
  switch (name) {
    case 'year':
      return { field: 'year', say: ({ year }) => number(year, 4) };
    case 'm':
    case 'mm':
      return { field: 'month', say: ({ month }) => number(month, name.length) };
    case 'month':
      return { field: 'month', say: ({ month }) => names![month - 1] };
    case 'd':
    case 'dd':
      return { field: 'day', say: ({ day }) => number(day, name.length) };
    case 'weekday':
      return { field: undefined, say: (date) => names![weekdayOf(date)] };
    default:
      throw new Error(`a pattern has ${name}`);
  }
}

/** Weekday of a date; 0 is Sunday. */
const weekdayOf = ({ year, month, day }: CalendarDate): number => new Date(Date.UTC(year, month - 1, day)).getUTCDay();

/** A date in ISO form, YYYY-MM-DD. */
export const isoDate = ({ year, month, day }: CalendarDate): string =>
  [String(year).padStart(4, '0'), String(month).padStart(2, '0'), String(day).padStart(2, '0')].join('-');
