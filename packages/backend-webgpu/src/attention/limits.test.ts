/// <reference lib="dom" />
import type { OpRequest } from '@heed/core';
import { expect, it } from 'vitest';
import { tooManyBuffers } from './kernels.js';
import { tileRows, vectors } from './tiles.js';

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

it('a device with the 8 buffers that WebGPU promises takes what needs no dense part', () => {
  const banded = request({ mask: { band: {}, lengths: {} }, bias: { alibi: {} } });
  expect(tooManyBuffers(taking(8), banded)).toEqual([]);
  const masked = request({ mask: { dense: [1, 1, 2, 2] } });
  expect(tooManyBuffers(taking(8), masked)).toEqual([expect.stringContaining('9 buffers')]);
  expect(tooManyBuffers(taking(10), masked)).toEqual([]);
  const everything = request({
    mask: { dense: [1, 1, 2, 2] },
    bias: { dense: [1, 1, 2, 2], relative: {} },
    returnWeights: true,
  });
  expect(tooManyBuffers(taking(10), everything)).toEqual([expect.stringContaining('12 buffers')]);
});

it('additive attention binds two more', () => {
  const additive = { ...request({}), op: 'additiveAttention' } as OpRequest;
  expect(tooManyBuffers(taking(10), additive)).toEqual([]);
  expect(tooManyBuffers(taking(8), additive)).toHaveLength(1);
});
