import { util, type TensorInfo } from '@tensorflow/tfjs-core';
import type { WasmEngine } from '../engine.js';
import type { Place } from './trace.js';

/** Bytes of a tensor's numbers. */
export const bytesOf = ({ shape, dtype }: TensorInfo): number =>
  util.sizeFromShape(shape) * util.bytesPerElement(dtype);

/** A new tensor with what stands at a place. */
export function copyOf(engine: WasmEngine, { address, shape, dtype, bytes }: Place): TensorInfo {
  const copy = engine.output(shape, dtype);
  copyBytes(engine, address, engine.address(copy), bytes);
  return copy;
}

export function copyBytes(engine: WasmEngine, from: number, to: number, bytes: number): void {
  new Uint8Array(engine.memory.buffer).copyWithin(to, from, from + bytes);
}
