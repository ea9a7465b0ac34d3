import { decoder } from './decoder.js';
import { invalid } from './file-error.js';
import { nameAt, type Header } from './header.js';
import { readWebp } from './webp-chunks.js';

/** WebP by libwebp, compiled to WebAssembly: @jsquash/webp. */
export const WEBP = decoder<Header>({
  format: 'WebP',
  isIts: (bytes) => nameAt(bytes, 0) === 'RIFF' && nameAt(bytes, 8) === 'WEBP',
  read: readWebp,
  headerOf: (header) => header,
  async decode(_, bytes) {
    codec ??= loadCodec();
    const decode = await codec;
    try {
      const { width, height, data } = await decode(bytes.slice().buffer);
      return { width, height, channels: 4, data: new Uint8Array(data.buffer, data.byteOffset, data.length) };
    } catch (cause) {
      throw invalid("the WebP file can't be read: its pixels can't be decoded", 'the file is damaged', cause);
    }
  },
});

type Decode = (buffer: ArrayBuffer) => Promise<Pick<ImageData, 'width' | 'height' | 'data'>>;

let codec: Promise<Decode> | undefined;

/** The decoder with its module, which pages fetch from beside it. Node can't fetch files, so there it is read. */
async function loadCodec(): Promise<Decode> {
  const { default: decode, init } = await import('@jsquash/webp/decode.js');
  if (!(typeof process === 'object' && typeof process.versions?.node === 'string')) return decode;
  const [{ createRequire }, { readFile }] = await Promise.all([import('node:module'), import('node:fs/promises')]);
  const path = createRequire(import.meta.url).resolve('@jsquash/webp/codec/dec/webp_dec.wasm');
  const had = 'ImageData' in globalThis;
  await init(await WebAssembly.compile(await readFile(path)));
  return async (buffer) => {
    const picture = await decode(buffer);
    // The codec defines it in Node and looks it up once; left there, it would tell other code that this is a page.
    if (!had) Reflect.deleteProperty(globalThis, 'ImageData');
    return picture;
  };
}
