import { HeedError } from '@heed/base';

export interface NpyHeader {
  readonly descr: string;
  readonly fortranOrder: boolean;
  readonly shape: readonly number[];
  readonly dataOffset: number;
}

/** Parses the header, the part before the data: magic, version, length, and a Python dict of exactly three keys. */
export function parseNpyHeader(bytes: Uint8Array): NpyHeader {
  if (bytes.length < MAGIC.length + 2 || MAGIC.some((byte, n) => bytes[n] !== byte)) {
    throw invalid('the file does not begin as .npy files do');
  }
  const [major, minor] = [bytes[6], bytes[7]];
  if (major < 1 || major > 3 || minor !== 0) throw invalid(`format ${major}.${minor} is unknown`);
  const lengthBytes = major === 1 ? 2 : 4;
  const headerOffset = MAGIC.length + 2 + lengthBytes;
  if (bytes.length < headerOffset) throw invalid('the file ends inside its header');
  const view = new DataView(bytes.buffer, bytes.byteOffset, headerOffset);
  const length = major === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  const dataOffset = headerOffset + length;
  if (dataOffset > bytes.length) throw invalid(`the header claims ${length} bytes, the file has fewer`);
  if (length > MAX_HEADER_BYTES) {
    throw new HeedError('FILE_TOO_LARGE', {
      message: `npy: the header has ${length} bytes, the limit is ${MAX_HEADER_BYTES}`,
    });
  }
  // The header is latin1 in 1.0 and 2.0, UTF-8 in 3.0: the three keys and all readable dtypes are ASCII in both.
  const text = new TextDecoder('latin1').decode(bytes.subarray(headerOffset, dataOffset));
  return { ...parseDict(text), dataOffset };
}

const MAGIC = [0x93, ...new TextEncoder().encode('NUMPY')];
// Greatest value of a two-byte length; the header of a rank of 64 is many times shorter.
const MAX_HEADER_BYTES = 65_535;

function parseDict(text: string): Omit<NpyHeader, 'dataOffset'> {
  const found = new Map<string, unknown>();
  let at = 0;
  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match !== null) at = pattern.lastIndex;
    return match?.[1];
  };
  const must = (pattern: RegExp, what: string): string => {
    const token = take(pattern);
    if (token === undefined) throw invalid(`the header has no ${what} at character ${at}`);
    return token;
  };

  must(OPEN, 'dict');
  while (take(CLOSE) === undefined) {
    const key = must(STRING, 'key').slice(1, -1);
    if (found.has(key)) throw invalid(`the header has the key ${key} twice`);
    must(COLON, 'colon');
    const value = VALUES.get(key);
    if (value === undefined) throw invalid(`the header has an unknown key ${JSON.stringify(key.slice(0, 80))}`);
    found.set(key, value.parse(must(value.pattern, key)));
    if (take(COMMA) === undefined) {
      must(CLOSE, 'closing brace');
      break;
    }
  }
  if (at !== text.trimEnd().length) throw invalid('something follows the dict of the header');
  for (const key of VALUES.keys()) if (!found.has(key)) throw invalid(`the header has no ${key}`);
  return {
    descr: found.get('descr') as string,
    fortranOrder: found.get('fortran_order') as boolean,
    shape: found.get('shape') as number[],
  };
}

const OPEN = /[ \t\n]*(\{)[ \t\n]*/y;
const CLOSE = /(\})/y;
const COLON = /[ \t\n]*(:)[ \t\n]*/y;
const COMMA = /[ \t\n]*(,)[ \t\n]*/y;
const STRING = /('[^'\\]*'|"[^"\\]*")/y;

const VALUES = new Map<string, { pattern: RegExp; parse: (token: string) => unknown }>([
  ['descr', { pattern: /('[^'\\]*'|"[^"\\]*"|[[(])/y, parse: parseDescr }],
  ['fortran_order', { pattern: /(True|False)/y, parse: (token) => token === 'True' }],
  ['shape', { pattern: /(\([^()]*\))/y, parse: parseShape }],
]);

function parseDescr(token: string): string {
  if (token === '[' || token === '(') {
    throw new HeedError('DTYPE_UNSUPPORTED', { message: 'npy: the elements are records, not numbers' });
  }
  return token.slice(1, -1);
}

function parseShape(token: string): number[] {
  const parts = token
    .slice(1, -1)
    .split(',')
    .map((part) => part.trim());
  // (3,) and () are tuples, (3) is not; Python 2 wrote long integers with an L.
  const isTuple = parts.length > 1 || parts[0] === '';
  if (parts.at(-1) === '') parts.pop();
  if (!isTuple || !parts.every((part) => /^\d+L?$/.test(part))) {
    throw invalid(`shape ${JSON.stringify(token.slice(0, 80))} is not a tuple of lengths`);
  }
  return parts.map((part) => Number(part.replace('L', '')));
}

const invalid = (message: string): HeedError => new HeedError('FILE_INVALID', { message: `npy: ${message}` });
