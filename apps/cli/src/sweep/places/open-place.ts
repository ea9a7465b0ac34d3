import { folderPlace } from './folder.js';
import type { Place } from './place.js';
import { isS3, s3Address } from './s3-address.js';

const known = new Map<string, Promise<Place>>();

/**
 * The place of that name, `s3://bucket/prefix` or a folder.
 *
 * @throws UsageError for what is no name of one, or without the package that it needs
 */
export function openPlace(path: string): Promise<Place> {
  if (!isS3(path)) return Promise.resolve(folderPlace(path));
  // A connection is for all that this process keeps there.
  const place = known.get(path) ?? import('./s3.js').then(({ s3Place }) => s3Place(s3Address(path)));
  known.set(path, place);
  return place;
}
