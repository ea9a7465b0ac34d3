/** SHA-256 of bytes, in hexadecimal digits. */
export async function sha256(bytes: Uint8Array): Promise<string> {
  // Web Crypto copies the bytes first. A page has nothing else.
  if (typeof process !== 'undefined') return (await import('node:crypto')).hash('sha256', bytes);
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
