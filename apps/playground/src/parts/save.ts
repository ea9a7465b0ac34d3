const TYPES: Readonly<Record<string, string>> = {
  png: 'image/png',
  svg: 'image/svg+xml',
  html: 'text/html',
  csv: 'text/csv',
  json: 'application/json',
  zip: 'application/zip',
};

/** Hands a file to the reader, under a name that every system takes. */
export function save(name: string, content: string | Uint8Array): void {
  const safe = name.replaceAll(/[^\p{L}\p{N}. _()→-]/gu, '_').slice(-100);
  const type = TYPES[safe.slice(safe.lastIndexOf('.') + 1)] ?? 'application/octet-stream';
  const url = URL.createObjectURL(new Blob([content as BlobPart], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = safe;
  link.click();
  // The browser has it by then.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
