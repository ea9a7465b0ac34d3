import { unzlibSync } from 'fflate';
import { joined } from './joined.js';
import { invalid, truncated } from './file-error.js';
import type { PngFile, PngHeader } from './png-chunks.js';

/** Samples of a pixel by the type of its colours. */
const SAMPLES: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

/** Adam7's passes: first column and row, and steps. */
const PASSES = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;

/**
 * Refuses a PNG file whose compressed pixels aren't as many as its header says. They are counted without being kept, or decompressed into
 * as much memory as that takes: a small file may hold gigabytes, which the decoder would gather.
 *
 * @throws HeedError FILE_INVALID
 */
export async function checkLength({ header, pixels }: PngFile): Promise<void> {
  const wanted = lengthOf(header);
  if (await isOfLength(pixels, wanted)) return;
  // What is wrong with them, if anything: the platform also refuses false checksums, which the decoder doesn't look at.
  let found: number;
  try {
    // What doesn't fit isn't written; one byte more tells that there was something.
    found = unzlibSync(joined(pixels), { out: new Uint8Array(wanted + 1) }).length;
  } catch (cause) {
    throw invalid("the PNG file can't be read: its pixels can't be decompressed", 'the file is damaged', cause);
  }
  if (found > wanted) throw invalid("the PNG file can't be read: it has more pixels than its header says");
  if (found < wanted) throw truncated('PNG');
}

/** Whether the platform, which is far faster than JavaScript, decompresses pixels and finds so many bytes. It stops at the first too many. */
async function isOfLength(pixels: readonly Uint8Array[], wanted: number): Promise<boolean> {
  if (typeof DecompressionStream === 'undefined') return false;
  const compressed = new Blob([...pixels] as BlobPart[]).stream();
  const reader = compressed.pipeThrough(new DecompressionStream('deflate')).getReader();
  try {
    let found = 0;
    for (let piece = await reader.read(); !piece.done && found <= wanted; piece = await reader.read()) {
      found += piece.value.length;
    }
    return found === wanted;
  } catch {
    return false;
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

/** Bytes of all rows, each with the byte that names its filter. */
function lengthOf({ width, height, depth, colourType, isInterlaced }: PngHeader): number {
  const samples = SAMPLES[colourType];
  if (samples === undefined || ![1, 2, 4, 8, 16].includes(depth)) {
    throw invalid(`the PNG file can't be read: there are no colours of type ${colourType} with ${depth} bits`);
  }
  const rows = (columns: number, count: number): number =>
    columns === 0 ? 0 : count * (1 + Math.ceil((columns * samples * depth) / 8));
  if (!isInterlaced) return rows(width, height);
  return PASSES.reduce((sum, [x, y, stepX, stepY]) => {
    const [columns, count] = [Math.ceil((width - x) / stepX), Math.ceil((height - y) / stepY)];
    return sum + rows(Math.max(0, columns), Math.max(0, count));
  }, 0);
}
