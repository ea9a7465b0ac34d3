import type { PackageReader } from '@heed/base';
import { packageFiles } from '../package-files.js';

export const COUNTRIES_PACKAGE = 'world-countries';
export const COUNTRIES_VERSION = '5.1.0';

export interface Country {
  readonly name: string;
  readonly capital: string;
  readonly region: string;
  readonly languages: readonly string[];
  readonly money: string;
  /** Names of the neighbouring countries. */
  readonly borders: readonly string[];
  /** Area in square kilometres. */
  readonly area: number;
}

/** An entry of the package's file: the fields that are read. */
interface Entry {
  readonly name: { readonly common: string };
  readonly cca3: string;
  readonly independent: boolean | null;
  readonly capital: readonly string[];
  readonly region: string;
  readonly subregion: string;
  readonly languages: Readonly<Record<string, string>>;
  readonly currencies: Readonly<Record<string, { readonly name: string }>>;
  readonly borders: readonly string[];
  readonly area: number;
}

/**
 * Independent countries that have a capital, a language and a currency in the data, in the order of their names. Of several
 * capitals or currencies, the first in the list counts.
 *
 * @throws HeedError DATA_MISSING, FILE_ACCESS
 */
export async function readCountries(files: PackageReader = packageFiles): Promise<Country[]> {
  const read = await files(COUNTRIES_PACKAGE, COUNTRIES_VERSION);
  const entries = JSON.parse(new TextDecoder().decode(await read('dist/countries.json'))) as readonly Entry[];
  const independent = entries.filter(
    (entry) =>
      entry.independent === true && hasAny(entry.languages) && hasAny(entry.currencies) && entry.capital.length > 0,
  );
  const names = new Map(independent.map(({ cca3, name }) => [cca3, plain(name.common)]));
  return independent
    .map(({ name, capital, region, subregion, languages, currencies, borders, area }) => ({
      name: plain(name.common),
      capital: plain(capital[0]),
      region: plain(subregion === '' ? region : subregion),
      languages: Object.values(languages).map(plain),
      money: plain(Object.values(currencies)[0].name),
      borders: borders.flatMap((code) => names.get(code) ?? []),
      area,
    }))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

const hasAny = (named: object): boolean => Object.keys(named).length > 0;

/** A name without full stops, which end sentences, and without notes in brackets: 'Washington D.C.', 'Persian (Farsi)'. */
const plain = (name: string): string => name.replaceAll('.', '').replace(/ \(.*\)$/, '');
