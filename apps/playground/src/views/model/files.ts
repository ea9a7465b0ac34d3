/** What a page takes of what it is given; a training state would only be refused later, at its length. */
const LARGEST = 300 * 2 ** 20;
const IGNORED = 'training.safetensors';

/** Contents by name. Files that are too large come empty, so that they are refused as damaged and not read. */
export async function filesOf(files: readonly File[]): Promise<Readonly<Record<string, Uint8Array>>> {
  const wanted = files.filter(({ name }) => name !== IGNORED);
  const read = wanted.map(async (file): Promise<readonly [string, Uint8Array]> => [
    file.name,
    new Uint8Array(await file.slice(0, LARGEST).arrayBuffer()),
  ]);
  return Object.fromEntries(await Promise.all(read));
}
