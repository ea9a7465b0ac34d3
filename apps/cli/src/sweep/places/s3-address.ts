import { UsageError } from '../../usage-error.js';

/** Where in an S3-compatible store things are kept. */
export interface S3Address {
  /** 's3://bucket/prefix', always written the same. */
  readonly path: string;
  readonly bucket: string;
  /** Of all keys: empty, or with a slash at its end. */
  readonly prefix: string;
}

/** Whether it names a store, and no folder. */
export const isS3 = (path: string): boolean => /^s3:/i.test(path);

/** @throws UsageError */
export function s3Address(path: string): S3Address {
  const [, bucket, rest = ''] = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/(.*))?$/.exec(path) ?? [];
  const parts = rest.replace(/\/$/, '').split('/');
  // Not everything on the way takes empty and dotted parts as they are.
  if (bucket === undefined || (rest !== '' && parts.some((part) => ['', '.', '..'].includes(part)))) {
    throw new UsageError(`'${path}' is no place in a store`, 'such as s3://bucket/sweeps/first');
  }
  const prefix = rest === '' ? '' : `${parts.join('/')}/`;
  return { path: `s3://${bucket}/${prefix}`.replace(/\/$/, ''), bucket, prefix };
}

/** Whether what is kept at one address is within the other. Neither is taken for a folder. */
export function isWithinS3(path: string, other: string): boolean {
  if (!isS3(path) || !isS3(other)) return false;
  const [inner, outer] = [s3Address(path).path, s3Address(other).path];
  return inner === outer || inner.startsWith(`${outer}/`);
}
