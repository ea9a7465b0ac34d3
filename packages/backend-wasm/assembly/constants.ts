import { setNormalConstants } from './normal-distribution';
import { setVectorConstants } from './vector';

/** Sets the constants in vectors: once, before anything else is called. */
export function setConstants(): void {
  setVectorConstants();
  setNormalConstants();
}
