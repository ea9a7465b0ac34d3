// Compiles assembly/ to one module for each set of features: as files in wasm/, for who serves them, and as base64 in
// src/modules/, so that no bundler, server or Node has to find a file. The memory, which is the engine's heap, is imported; a
// module that brought data of its own would write over it.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { main } from 'assemblyscript/asc';

const FLAGS = '--optimizeLevel 3 --noAssert --runtime stub --use abort= --importMemory --noExportMemory --enable simd';
const RELAXED = '--enable relaxed-simd';
// The largest maximum there is: a module takes memories of any smaller one.
const THREADS = '--enable threads --sharedMemory --initialMemory 1 --maximumMemory 65536';
const BUILDS = {
  simd: [],
  relaxed: [RELAXED],
  'simd-threads': [THREADS],
  'relaxed-threads': [RELAXED, THREADS],
};
const root = fileURLToPath(new URL('..', import.meta.url));

mkdirSync(join(root, 'wasm'), { recursive: true });
mkdirSync(join(root, 'src/modules'), { recursive: true });
for (const [name, flags] of Object.entries(BUILDS)) {
  const output = `wasm/${name}.wasm`;
  const options = [FLAGS, ...flags].join(' ').split(' ');
  const { error, stderr } = await main([...options, '--outFile', output, 'assembly/index.ts'], { baseDir: root });
  if (error) throw new Error(stderr.toString(), { cause: error });

  const bytes = readFileSync(join(root, output));
  checkSections(bytes);
  const text = [
    '// Made by scripts/compile.mjs from assembly/.',
    `export const BASE64: string =\n  '${bytes.toString('base64')}';`,
  ];
  writeFileSync(join(root, `src/modules/${name}.generated.ts`), `${text.join('\n')}\n`);
  console.log(`assembly/ → ${output} (${bytes.length} bytes)`);
}

/** Only the memory and what runs hooks are imported (section 2), and no data section (11) writes to the memory at start. */
function checkSections(bytes) {
  let at = 8; // magic number and version
  while (at < bytes.length) {
    const id = bytes[at++];
    let size = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++];
      size |= (byte & 0x7f) << shift;
      if (byte < 0x80) break;
    }
    if (id === 2) checkImports(bytes.subarray(at, at + size));
    if (id === 11) throw new Error('the module has static data, which would be written into the engine’s heap');
    at += size;
  }
}

function checkImports(section) {
  const text = Buffer.from(section).toString('latin1');
  const names = ['\x03env\x06memory\x02', '\x03env\x04hook\x00'];
  if (section[0] !== names.length || !names.every((name) => text.includes(name))) throw new Error('unexpected imports');
}
