import { HeedError } from '@heed/base';
import { File, type Dataset, type Group } from 'jsfive';
import { describe, expect, it } from 'vitest';
import { emptyTexts, hugeShape, ownMember, wideTree } from '../../../test/hostile-hdf5.js';
import { bytesOf, filesOf } from '../../../test/vectors.js';
import { readHdf5, type Hdf5Group } from './read-hdf5.js';
import { cpuTime } from '../../../../base/test/cpu-time.js';

const MANY = 2 ** 30;

describe('readHdf5', () => {
  it.each(filesOf('.h5'))('reads %s as jsfive does, to the bit', (path) => {
    const bytes = bytesOf(path);
    const other = new File(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer);
    let datasets = 0;
    const compare = (group: Hdf5Group, theirs: Group): void => {
      expect([...group.groups.keys(), ...group.datasets.keys()].toSorted()).toEqual([...theirs.keys].toSorted());
      for (const [name, text] of group.attributes) expect(text).toEqual(theirs.attrs[name]);
      for (const [name, inner] of group.groups) compare(inner, theirs.get(name) as Group);
      for (const [name, dataset] of group.datasets) {
        const expected = theirs.get(name) as Dataset;
        const values = [expected.value as number | number[]].flat();
        expect(dataset.shape).toEqual(expected.shape);
        expect(dataset.values()).toEqual(Float32Array.from(values));
        datasets++;
      }
    };
    compare(readHdf5('file', bytes, MANY), other);
    expect(datasets).toBeGreaterThan(0);
  });

  it.each([
    ['2³¹ texts of no bytes', emptyTexts()],
    ['a tree of 10¹⁰ paths', wideTree()],
    ['a group that is its own member', ownMember()],
    ['a text', new TextEncoder().encode('not HDF5 at all')],
    ['nothing', new Uint8Array()],
  ])('refuses %s at once', (_, bytes) => {
    const read = (): void =>
      expect(() => readHdf5('file', bytes, MANY)).toThrow(expect.objectContaining({ code: 'FILE_INVALID' }));
    expect(cpuTime(read)).toBeLessThan(10_000);
  });

  it('refuses a shape that the file or the limit has no room for, before it makes room', () => {
    const dataset = readHdf5('file', hugeShape(), MANY).datasets.get('big')!;
    expect(() => dataset.values()).toThrow(expect.objectContaining({ code: 'FILE_TOO_LARGE' }));
    const unlimited = readHdf5('file', hugeShape(), Infinity).datasets.get('big')!;
    expect(() => unlimited.values()).toThrow(expect.objectContaining({ code: 'FILE_INVALID' }));
  });

  it('says how much is missing of a file that is cut off', () => {
    const bytes = bytesOf(filesOf('.weights.h5')[0]!);
    for (const length of [8, 50, 100, 1000, bytes.length - 1]) {
      expect(() => readHdf5('file', bytes.subarray(0, length), MANY)).toThrow(HeedError);
    }
    expect(() => readHdf5('file', bytes.subarray(0, -1), MANY)).toThrow(/cut off: \d+ bytes of \d+/);
  });
});
