const TYPES: Readonly<Record<string, string>> = {
  gif: 'image/gif',
  png: 'image/png',
  svg: 'image/svg+xml',
  html: 'text/html',
  csv: 'text/csv',
  json: 'application/json',
  zip: 'application/zip',
};

/** Saves a file for the reader, under a name that every operating system accepts. */
export function save(name: string, content: string | Uint8Array): void {
  const safe = name.replaceAll(/[^\p{L}\p{N}. _()→-]/gu, '_').slice(-100);
  const type = TYPES[safe.slice(safe.lastIndexOf('.') + 1)] ?? 'application/octet-stream';
  const url = URL.createObjectURL(new Blob([content as BlobPart], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = safe;
  link.click();
  // By then the browser has read the file.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
