import { expect, it } from 'vitest';
import { isS3, isWithinS3, s3Address } from './s3-address.js';

it('an address is always written the same', () => {
  expect(s3Address('s3://bucket')).toEqual({ path: 's3://bucket', bucket: 'bucket', prefix: '' });
  expect(s3Address('s3://bucket/')).toEqual(s3Address('s3://bucket'));
  expect(s3Address('s3://my.bucket-1/a/b/')).toEqual({
    path: 's3://my.bucket-1/a/b',
    bucket: 'my.bucket-1',
    prefix: 'a/b/',
  });
});

it.each([
  's3:',
  's3://',
  's3:///a',
  's3://Bucket',
  's3://b',
  's3://bucket/a//b',
  's3://bucket/../a',
  's3://bucket/.',
  'S3://bucket',
])('%s is none, and no folder either', (path) => {
  expect(isS3(path)).toBe(true);
  expect(() => s3Address(path)).toThrow('is no place in a store');
});

it('one is within another by whole parts, and never within a folder', () => {
  expect(isWithinS3('s3://bucket/a', 's3://bucket/a/')).toBe(true);
  expect(isWithinS3('s3://bucket/a/b', 's3://bucket')).toBe(true);
  expect(isWithinS3('s3://bucket/ab', 's3://bucket/a')).toBe(false);
  expect(isWithinS3('s3://bucket', 's3://bucket/a')).toBe(false);
  expect(isWithinS3('s3://other/a', 's3://bucket')).toBe(false);
  expect(isWithinS3('s3://bucket/a', '.')).toBe(false);
  expect(isWithinS3('a', 's3://bucket')).toBe(false);
});
