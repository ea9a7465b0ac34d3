// Bundles the command for Node: dist/bundle, which bin/heed.js runs. A thousand modules, found and read one by one, take longer than
// everything that a short command computes.
import { readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { licencesOf } from './licences.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const require = createRequire(import.meta.url);
const { name: self, dependencies, peerDependencies } = require('../package.json');

await rm(`${root}/dist/bundle`, { recursive: true, force: true });
const { metafile } = await build({
  absWorkingDir: root,
  entryPoints: ['dist/start.js'],
  outdir: 'dist/bundle',
  bundle: true,
  splitting: true,
  minifySyntax: true,
  minifyWhitespace: true, // names stay, as errors show where they come from
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  // Packages of CommonJS that are bundled ask for Node's modules by it.
  banner: {
    js: "import{createRequire as $createRequire}from'node:module';const require=$createRequire(import.meta.url);",
  },
  // What finds files of its own beside it, and what few have.
  external: [
    'jiti',
    'playwright-core',
    'chrome-launcher',
    'onnxruntime-node',
    'webgpu',
    'bullmq',
    'ioredis',
    '@aws-sdk/client-s3',
  ],
  plugins: [asCommonJs(/^@tensorflow\/tfjs[^/]*$/), fromItsPackage()],
  metafile: true,
  logLevel: 'warning',
});
await writeFile(`${root}/dist/bundle/LICENCES.txt`, await licencesOf(metafile, root));

/**
 * Packages that stay outside, and are loaded by `require`: an import of CommonJS reads the whole text once more, for the names that it
 * exports, which are written down here instead.
 */
function asCommonJs(filter) {
  const namespace = 'commonjs';
  return {
    name: namespace,
    setup({ onResolve, onLoad }) {
      onResolve({ filter }, ({ path, kind }) =>
        kind === 'require-call' ? { path, external: true } : { path, namespace, sideEffects: true },
      );
      onLoad({ filter, namespace }, async ({ path }) => {
        const names = Object.keys(await import(path)).filter((one) => !['default', 'module.exports'].includes(one));
        return {
          contents: [
            `import { createRequire } from 'node:module';`,
            `const $exports = createRequire(import.meta.url)(${JSON.stringify(path)});`,
            'export default $exports;',
            // Some of the names, such as `in`, can't be declared.
            ...names.map((one, n) => `const $${n} = $exports.${one}; export { $${n} as ${one} };`),
          ].join('\n'),
          resolveDir: root,
        };
      });
    },
  };
}

/** Modules that look for files beside them find them where their package is, and not where the bundle is. */
function fromItsPackage() {
  return {
    name: 'from-its-package',
    setup({ onLoad }) {
      onLoad({ filter: /[\\/]dist[\\/].*\.js$/ }, async ({ path }) => {
        const text = await readFile(path, 'utf8');
        const [, folder, file] = /^(.*?)[\\/](dist[\\/].*)$/.exec(path);
        if (!text.includes('import.meta.url') || path.includes('node_modules')) return undefined;
        const { name } = require(join(folder, 'package.json'));
        if (name !== self && !(name in { ...dependencies, ...peerDependencies })) {
          throw new Error(`${path} looks for files beside it, and ${name} isn't found from ${self}`);
        }
        const address = `new URL(${JSON.stringify(file.replaceAll('\\', '/'))}, import.meta.resolve('${name}/package.json')).href`;
        return { contents: text.replaceAll('import.meta.url', address) };
      });
    },
  };
}
