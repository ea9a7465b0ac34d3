import { HeedError } from '@heed/base';

/** A place in a file: its name, and the number of a line from 1 where one is meant. */
export interface Place {
  readonly file: string;
  readonly line?: number;
}

/** A place that is a line. */
export type LinePlace = Required<Place>;

/** Place as people read it: 'words.tsv, line 3'. */
export const placeOf = ({ file, line }: Place): string => (line === undefined ? file : `${file}, line ${line}`);

/** Error for a file that isn't what it has to be, with the place first: FILE_INVALID. */
export function fileError(place: Place, what: string, hint?: string, details?: Record<string, unknown>): HeedError {
  return new HeedError('FILE_INVALID', {
    message: `${placeOf(place)}: ${what}`,
    ...(hint !== undefined && { hint }),
    details: { ...place, ...details },
  });
}
