import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { bytesOf, filesOf } from '../../test/vectors.js';
import { readZip } from './read-zip.js';
import { cpuTime } from '../../../base/test/cpu-time.js';

const MANY = 2 ** 30;
const zeros = (size: number) => ({ 'config.json': new Uint8Array(size) });

/** Changes a field of the directory's first entry, and the same in the entry's own header. */
function withSizes(
  zip: Uint8Array,
  { size, packed }: { readonly size?: number; readonly packed?: number },
): Uint8Array {
  const changed = zip.slice();
  const view = new DataView(changed.buffer);
  const directory = view.getUint32(changed.length - 6, true);
  if (packed !== undefined) view.setUint32(directory + 20, packed, true);
  if (size !== undefined) view.setUint32(directory + 24, size, true);
  return changed;
}

describe('readZip', () => {
  it.each(filesOf('.keras'))('reads %s', (path) => {
    const entries = readZip(bytesOf(path), MANY);
    expect(Object.keys(entries).toSorted()).toEqual(['config.json', 'metadata.json', 'model.weights.h5']);
  });

  it('unpacks deflated entries', () => {
    const content = Uint8Array.from({ length: 70_000 }, (_, index) => (index * index) % 251);
    expect(readZip(zipSync({ 'config.json': content }), MANY)['config.json']).toEqual(content);
  });

  it('leaves alone what Keras has no use for', () => {
    expect(
      readZip(zipSync({ ...zeros(3), '../../etc/passwd': new Uint8Array(9), assets: new Uint8Array(9) }), MANY),
    ).toEqual(zeros(3));
  });

  it('refuses an archive that says it unpacks to more than is allowed', () => {
    expect(() => readZip(zipSync(zeros(2_000_000)), 1_000_000)).toThrow(
      expect.objectContaining({ code: 'FILE_TOO_LARGE' }),
    );
  });

  it('stops where more comes out than the directory says', () => {
    const bomb = withSizes(zipSync(zeros(20_000_000)), { size: 1000 });
    const read = (): void =>
      expect(() => readZip(bomb, MANY)).toThrow(/config.json unpacks to more than the 1000 bytes/);
    expect(cpuTime(read)).toBeLessThan(2000);
  });

  it.each([
    ['sizes that deflate can’t reach', withSizes(zipSync(zeros(10)), { size: 900_000_000 }), /packed bytes can't hold/],
    ['an entry past the end', withSizes(zipSync(zeros(10), { level: 0 }), { packed: 1000 }), /ends before config.json/],
    ['an archive that is cut off', zipSync(zeros(1000)).subarray(0, -10), /no directory/],
    ['an empty file', new Uint8Array(), /no directory/],
  ])('refuses %s', (_, bytes, message) => {
    expect(() => readZip(bytes, MANY)).toThrow(
      expect.objectContaining({ code: 'FILE_INVALID', message: expect.stringMatching(message) }),
    );
  });

  it('refuses an entry whose check sum is another', () => {
    const zip = zipSync({ 'config.json': new TextEncoder().encode('{"a": 1}') }, { level: 0 });
    zip[zip.indexOf('1'.charCodeAt(0), 30 + 11)] = '2'.charCodeAt(0);
    expect(() => readZip(zip, MANY)).toThrow(/config.json is damaged/);
  });

  it('refuses an archive with an entry twice', () => {
    const zip = zipSync({ 'config.json': new Uint8Array(3), 'konfig.json': new Uint8Array(3) }, { level: 0 });
    for (let at = 0; at < zip.length; at++) {
      if (String.fromCharCode(...zip.subarray(at, at + 6)) === 'konfig') zip[at] = 'c'.charCodeAt(0);
    }
    expect(() => readZip(zip, MANY)).toThrow(/config.json twice/);
  });
});
