import { File, type Dataset } from 'jsfive';
import { expect, it } from 'vitest';
import { readHdf5 } from './read-hdf5.js';
import { writeHdf5, type Hdf5Content } from './write-hdf5.js';

const empty: Hdf5Content = { groups: {}, datasets: {} };

it('writes what it reads, to the bit: NaN with its payload, −0, subnormal numbers, no elements, no axes', () => {
  const bits = Uint32Array.of(0x7fc12345, 0x80000000, 1, 0xff800000, 0x3f800000);
  const values = new Float32Array(bits.buffer);
  const datasets = {
    odd: { shape: [5], values },
    scalar: { shape: [], values: values.slice(4) },
    none: { shape: [0, 3], values: new Float32Array() },
  };
  const { datasets: read } = readHdf5('file', writeHdf5({ groups: {}, datasets }), 2 ** 20);
  expect(new Uint32Array(read.get('odd')!.values().buffer)).toEqual(bits);
  expect([...read.values()].map(({ shape }) => shape)).toEqual([[0, 3], [5], []]);
  expect(read.get('scalar')!.values()).toEqual(Float32Array.of(1));
});

it('has room for groups of a thousand members, whose names are sorted as bytes', () => {
  const names = Array.from({ length: 1000 }, (_, index) => `größe_${index}`);
  const groups = Object.fromEntries(
    names.map((name, index) => [
      name,
      { groups: { vars: empty }, datasets: { 0: { shape: [1], values: Float32Array.of(index) } } },
    ]),
  );
  const bytes = writeHdf5({ groups, datasets: {} });
  const root = readHdf5('file', bytes, 2 ** 20);
  expect([...root.groups.keys()]).toEqual(names.toSorted());
  expect(names.map((name) => root.groups.get(name)!.datasets.get('0')!.values()[0])).toEqual(
    names.map((_, index) => index),
  );
  const other = new File(bytes.buffer as ArrayBuffer).get('größe_777/0') as Dataset;
  expect(other.value).toEqual([777]);
});

it('writes the same bytes for the same content', () => {
  const content = { groups: { a: empty }, datasets: { x: { shape: [2], values: Float32Array.of(1, 2) } } };
  expect(writeHdf5(content)).toEqual(writeHdf5(content));
});
