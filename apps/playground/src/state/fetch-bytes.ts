import { HeedError } from '@heed/base';

/**
 * Fetches a file of the page.
 *
 * @param progress gets the share that has been loaded, when the size is known
 * @throws HeedError FILE_ACCESS
 */
export async function fetchBytes(
  url: URL | string,
  signal: AbortSignal,
  progress?: (share: number) => void,
): Promise<Uint8Array> {
  const refuse = (why: string): HeedError =>
    new HeedError('FILE_ACCESS', {
      message: `${String(url)} can't be loaded: ${why}`,
      hint: 'look at your connection',
      details: { file: String(url).split('/').at(-1) },
    });
  const lost = (cause: unknown): never => {
    throw refuse(String(cause));
  };
  const response = await fetch(url, { signal }).catch(lost);
  if (!response.ok || response.body === null) throw refuse(`HTTP status ${response.status}`);
  const total = Number(response.headers.get('content-length') ?? 0);
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let done = 0;
  const reader = response.body.getReader();
  const next = () => reader.read().catch(lost);
  for (let part = await next(); !part.done; part = await next()) {
    chunks.push(part.value);
    done += part.value.length;
    if (total > 0) progress?.(Math.min(1, done / total));
  }
  return new Uint8Array(await new Blob(chunks).arrayBuffer());
}
