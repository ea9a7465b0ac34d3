import { HeedError } from '@heed/base';
import type { StoredTensor, StoredTensors } from './stored-weights.js';

const BLOCKS = '_blocks';
const SCALES = '_scales';

/** Values of the half-bytes: a sign, two bits of exponent and one of fraction. */
const VALUES = [0, 0.5, 1, 1.5, 2, 3, 4, 6, -0, -0.5, -1, -1.5, -2, -3, -4, -6];
const BYTES_A_BLOCK = 16;
const SCALE_BIAS = 127;

/**
 * The tensors with those that are stored as MXFP4 in one piece: `X_blocks` [experts, out, blocks, 16] with two values a byte, the lower half
 * first, and `X_scales` [experts, out, blocks], exponents of 2, are X [experts, in, out].
 *
 * @throws HeedError DTYPE_UNSUPPORTED, SHAPE_MISMATCH
 * @see Open Compute Project 2023, "OCP Microscaling Formats (MX) Specification" v1.0, §5.3.3 and 6.3
 */
export function withUnpacked(stored: StoredTensors): StoredTensors {
  const whole = new Map<string, StoredTensor>();
  for (const [name, tensor] of stored) {
    const base = name.slice(0, -BLOCKS.length);
    const blocks = name.endsWith(BLOCKS) ? stored.get(base + BLOCKS) : undefined;
    const scales = blocks && stored.get(base + SCALES);
    if (scales !== undefined) whole.set(base, unpacked(base, blocks!, scales));
    else if (!(name.endsWith(SCALES) && stored.has(base + BLOCKS))) whole.set(name, tensor);
  }
  return whole;
}

function checkParts(blocks: StoredTensor, scales: StoredTensor): void {
  const wrong = [blocks, scales].find(({ dtype }) => dtype !== 'uint8');
  if (wrong !== undefined) {
    throw new HeedError('DTYPE_UNSUPPORTED', {
      message: `${wrong.name} is ${wrong.dtype} in the file`,
      hint: 'MXFP4 is of uint8',
    });
  }
  const [experts, outputs, count, bytes] = blocks.shape;
  const fits =
    blocks.shape.length === 4 && bytes === BYTES_A_BLOCK && String(scales.shape) === String([experts, outputs, count]);
  if (fits) return;
  throw new HeedError('SHAPE_MISMATCH', {
    message: `${blocks.name} are [${blocks.shape}], and ${scales.name} [${scales.shape}]`,
    hint: `[experts, outputs, blocks, ${BYTES_A_BLOCK}], and one scale for each block`,
    details: { blocks: blocks.shape, scales: scales.shape },
  });
}

function unpacked(name: string, blocks: StoredTensor, scales: StoredTensor): StoredTensor {
  checkParts(blocks, scales);
  const [experts = 0, outputs = 0, count = 0] = blocks.shape;
  const inputs = count * BYTES_A_BLOCK * 2;
  return {
    name,
    shape: [experts, inputs, outputs],
    dtype: 'float32',
    async read() {
      const [{ data: bytes }, { data: exponents }] = [await blocks.read(), await scales.read()];
      const data = new Float32Array(experts * inputs * outputs);
      for (let n = 0; n < bytes.length; n++) {
        const block = Math.floor(n / BYTES_A_BLOCK);
        const row = Math.floor(block / count);
        const scale = 2 ** (exponents[block]! - SCALE_BIAS);
        const input = 2 * (n - row * count * BYTES_A_BLOCK);
        const expert = Math.floor(row / outputs);
        const at = (expert * inputs + input) * outputs + (row - expert * outputs);
        data[at] = VALUES[bytes[n]! & 0xf]! * scale;
        data[at + outputs] = VALUES[bytes[n]! >> 4]! * scale;
      }
      return { dtype: 'float32', shape: this.shape, data };
    },
  };
}
