import { readFileSync } from 'node:fs';
import type { StateDict } from '@heed/torch';
import { decodeSafetensors } from '@heed/formats';

/** Bytes of the state dict of a case in `vectors/torch`. */
export const bytesOf = (id: string): Uint8Array =>
  new Uint8Array(readFileSync(new URL(`../../../vectors/torch/state/${id}.safetensors`, import.meta.url)));

/** The same, decoded. */
export const stateOf = (id: string): StateDict => decodeSafetensors(bytesOf(id)).tensors;

/** A state dict under a prefix. */
export const under = (prefix: string, state: StateDict): StateDict =>
  Object.fromEntries(Object.entries(state).map(([key, value]) => [`${prefix}.${key}`, value]));
