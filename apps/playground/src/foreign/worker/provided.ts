import * as core from '@heed/core';
import * as cpu from '@tensorflow/tfjs-backend-cpu';
import * as webgl from '@tensorflow/tfjs-backend-webgl';
import * as tf from '@tensorflow/tfjs-core';
import { PACKAGES, type PackageName } from '../packages.js';

/** Packages that a module gets from the page. */
const PROVIDED: Readonly<Record<PackageName, object>> = {
  '@heed/core': core,
  '@tensorflow/tfjs-core': tf,
  '@tensorflow/tfjs-backend-cpu': cpu,
  '@tensorflow/tfjs-backend-webgl': webgl,
};

/** Place where the modules of the packages find what they export. */
const KEY = '__heedProvided';

/** Texts of modules that export what the packages do, by name. */
export function providedModules(): ReadonlyMap<string, string> {
  Object.defineProperty(globalThis, KEY, { value: PROVIDED, configurable: true });
  return new Map(PACKAGES.map((name) => [name, moduleOf(name, Object.keys(PROVIDED[name]))]));
}

/** Text of a module with these exports. Each has a name of its own inside, since `default` can't be declared. */
function moduleOf(name: PackageName, exported: readonly string[]): string {
  const declared = exported.map((one, n) => `const v${n} = provided[${JSON.stringify(one)}];`);
  const list = exported.map((one, n) => `v${n} as ${one}`);
  return `const provided = globalThis.${KEY}[${JSON.stringify(name)}];\n${declared.join('\n')}\nexport { ${list.join(', ')} };\n`;
}
