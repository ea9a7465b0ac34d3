/// <reference lib="dom" />
import type { OpRequest } from '@heed/core';
import { expect, it } from 'vitest';
import { unsupportedReasons } from './limits.js';
import { tileRows, vectors } from './attention/tiles.js';

/** Bytes of a workgroup's memory that WebGPU promises. */
const PROMISED = 16384;

it('tiles of every width fit into the memory that every device has', () => {
  for (const width of [1, 3, 64, 65, 127, 128]) {
    for (const valueWidth of [1, 64, 128]) {
      const rowVectors = vectors(width) + vectors(valueWidth);
      const rows = tileRows(PROMISED, rowVectors);
      expect(rows % 4).toBe(0);
      expect(rows).toBeGreaterThan(0);
      expect(16 * rows * rowVectors).toBeLessThanOrEqual(PROMISED);
    }
  }
});

const taking = (maxStorageBuffersPerShaderStage: number): GPUDevice =>
  ({ limits: { maxStorageBuffersPerShaderStage } }) as unknown as GPUDevice;

const request = (parts: object): OpRequest =>
  ({ op: 'dotProductAttention', mask: {}, bias: {}, ...parts }) as OpRequest;

it('a device with the 8 buffers that WebGPU promises takes one dense part, of additive attention none; one with 10 takes two more', () => {
  const banded = request({ mask: { band: {}, lengths: {} }, bias: { alibi: {} } });
  expect(unsupportedReasons(taking(8), banded)).toEqual([]);
  const masked = { mask: { dense: [1, 1, 2, 2] } };
  expect(unsupportedReasons(taking(8), request(masked))).toEqual([]);
  const both = { ...masked, returnWeights: true };
  expect(unsupportedReasons(taking(8), request(both))).toEqual([expect.stringContaining('9 buffers')]);
  const everything = { ...both, bias: { dense: [1, 1, 2, 2], relative: {} } };
  expect(unsupportedReasons(taking(10), request(everything))).toEqual([expect.stringContaining('11 buffers')]);
  const additive = (parts: object): OpRequest => ({ ...request(parts), op: 'additiveAttention' }) as OpRequest;
  expect(unsupportedReasons(taking(8), additive({}))).toEqual([]);
  expect(unsupportedReasons(taking(8), additive(masked))).toHaveLength(1);
  expect(unsupportedReasons(taking(10), additive(both))).toEqual([]);
});

it('states of linear attention have to fit into one buffer, and be there', () => {
  const linear = (sizes: object): OpRequest =>
    ({
      op: 'linearAttention',
      normalize: false,
      batch: 1,
      heads: 8,
      keyHeads: 8,
      queries: 8192,
      keys: 8192,
      width: 64,
      valueWidth: 64,
      ...sizes,
    }) as OpRequest;
  const binding = (maxStorageBufferBindingSize: number): GPUDevice =>
    ({ limits: { maxStorageBuffersPerShaderStage: 8, maxStorageBufferBindingSize } }) as unknown as GPUDevice;
  expect(unsupportedReasons(binding(2 ** 27), linear({ queries: 1024, keys: 1024 }))).toEqual([]);
  expect(unsupportedReasons(binding(2 ** 27), linear({}))).toEqual([expect.stringContaining('bytes of states')]);
  expect(unsupportedReasons(binding(2 ** 30), linear({}))).toEqual([]);
  expect(unsupportedReasons(binding(2 ** 30), linear({ queries: 0, keys: 0 }))).toHaveLength(1);
});
