const s = (count: number): string => (count === 1 ? '' : 's');

/** Texts of the view of maps that somebody brings. */
export const enMaps = {
  title: 'Your own weights',
  lead: 'Give it attention weights from anywhere: rows of numbers as JSON or CSV, or a map that this page has saved. It stays in this page: nothing is sent anywhere.',
  text: 'Weights, as JSON or CSV',
  help: 'JSON: [[0.9, 0.1], [0.2, 0.8]], or more lists around it for layers and heads; null is a masked cell. CSV: numbers alone, or with a first line of column labels and a label before each row; an empty field is a masked cell. A short text is in the link.',
  own: 'A file of your own',
  drop: 'Drop a .json or .csv file anywhere on this view, or choose one.',
  choose: 'Choose a file',
  example: 'The example',
  file: (name: string) => `From the file “${name}”`,
  maps: 'Maps',
  map: (n: number) => `Map ${n}`,
  more: (shown: number, all: number) => `The first ${shown} of ${all} maps.`,
  rows: (name: string) => `Rows of ${name}`,
  row: 'Row',
  most: 'Looks most at',
  weight: 'Weight',
  entropy: 'Entropy',
  width: 'As wide as',
  places: (count: string) => `${count} place${s(Number(count))}`,
  bits: (bits: string) => `${bits} bits`,
  none: '–',
  meaning:
    'Entropy is 0 when a row looks at one place alone, and greatest when it looks everywhere alike. Two to the power of it is the number of places that would be looked at alike with the same entropy: how wide, or sharp, the look is. Rows that don’t sum to 1 have none.',
};
