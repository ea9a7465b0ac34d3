/// <reference types="node" />
import { isNode } from './platform.js';

/** Bytes of what is embedded as base64. */
export function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  if (isNode()) return new Uint8Array(Buffer.from(base64, 'base64'));
  // Engines since 2025 have `Uint8Array.fromBase64`. Elsewhere a plain loop: `Uint8Array.from` with a function takes thirty times as long.
  const { fromBase64 } = Uint8Array as { fromBase64?: (text: string) => Uint8Array<ArrayBuffer> };
  if (fromBase64 !== undefined) return fromBase64.call(Uint8Array, base64);
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let n = 0; n < text.length; n++) bytes[n] = text.charCodeAt(n);
  return bytes;
}
