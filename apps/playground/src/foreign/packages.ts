/**
 * Packages that the page gives to a module which somebody brings. The module must have them as bare imports; it brings all others
 * itself. The suite then sees the same TensorFlow.js engines and the same errors as the module does.
 */
export const PACKAGES = [
  '@heed/core',
  '@tensorflow/tfjs-core',
  '@tensorflow/tfjs-backend-cpu',
  '@tensorflow/tfjs-backend-webgl',
] as const;

export type PackageName = (typeof PACKAGES)[number];

/** Command with which an author makes such a module. */
export const BUNDLE_COMMAND = `esbuild src/index.ts --bundle --format=esm --outfile=module.js ${PACKAGES.map(
  (name) => `--external:${name}`,
).join(' ')}`;
