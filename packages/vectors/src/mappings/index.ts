import type { Mapping } from '../mapping.js';
import { mapRotary } from './rotary.js';

/** How the cases of each mechanism are computed. */
export const MAPPINGS: Readonly<Record<string, Mapping>> = { rotary: mapRotary };

/** Mechanisms whose cases Heed can compute. */
export const MAPPED_MECHANISMS: readonly string[] = Object.keys(MAPPINGS);
