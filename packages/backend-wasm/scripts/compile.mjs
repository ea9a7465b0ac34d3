// Compiles assembly/ to src/module.generated.ts, which holds the bytes as base64: so no bundler, server or Node has to
// find a file. The engine's heap is imported; a module that brought data of its own would write over it.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { main } from 'assemblyscript/asc';

const FLAGS = '--optimizeLevel 3 --noAssert --runtime stub --use abort= --importMemory --noExportMemory --enable simd';
const root = fileURLToPath(new URL('..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'heed-asc-'));
const output = join(folder, 'kernels.wasm');

try {
  const { error, stderr } = await main([...FLAGS.split(' '), '--outFile', output, 'assembly/index.ts'], {
    baseDir: root,
  });
  if (error) throw new Error(stderr.toString(), { cause: error });

  const bytes = readFileSync(output);
  checkSections(new WebAssembly.Module(bytes), bytes);
  mkdirSync(join(root, 'src'), { recursive: true });
  const text = [
    '// Made by scripts/compile.mjs from assembly/.',
    `export const MODULE_BASE64 =\n  '${bytes.toString('base64')}';`,
  ];
  writeFileSync(join(root, 'src/module.generated.ts'), `${text.join('\n')}\n`);
  console.log(`assembly/ → src/module.generated.ts (${bytes.length} bytes)`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Only the memory is imported, and no data section (id 11) writes to it at start. */
function checkSections(module, bytes) {
  const imports = WebAssembly.Module.imports(module).map(({ module: from, name, kind }) => `${kind} ${from}.${name}`);
  if (imports.join() !== 'memory env.memory') throw new Error(`unexpected imports: ${imports}`);
  let at = 8; // magic number and version
  while (at < bytes.length) {
    const id = bytes[at++];
    let size = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++];
      size |= (byte & 0x7f) << shift;
      if (byte < 0x80) break;
    }
    if (id === 11) throw new Error('the module has static data, which would be written into the engine’s heap');
    at += size;
  }
}
