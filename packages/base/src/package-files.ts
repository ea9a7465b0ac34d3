import { HeedError } from './errors.js';

/** Function that finds an npm package in the given version and returns a reader of its files; see `packageFiles`. */
export type PackageReader = (name: string, version: string) => Promise<(path: string) => Promise<Uint8Array>>;

/**
 * Files of an installed npm package that is read for its data. Large data packages are optional peer dependencies: the user of
 * a loader installs them, in the version that the published figures were made with.
 *
 * @param from `import.meta.url` of the package that has the data package as its peer: with package managers that isolate
 *   packages, such as pnpm, only that package can resolve it
 * @returns a function that reads one file, by its path in the package
 * @throws HeedError DATA_MISSING when the package isn't there, or is another version; FILE_ACCESS when a file can't be read
 */
export async function packageFiles(name: string, version: string, from: string): ReturnType<PackageReader> {
  const [{ createRequire }, { readFile }, { dirname, join }] = await Promise.all([
    import('node:module'),
    import('node:fs/promises'),
    import('node:path'),
  ]);
  const found = find(createRequire(from), name);
  if (found === undefined) throw missing(name, version, 'is not installed');
  const installed = (JSON.parse(await readFile(found, 'utf8')) as { version?: unknown }).version;
  if (installed !== version) throw missing(name, version, `is installed in version ${String(installed)}`);
  return async (path) => {
    try {
      return await readFile(join(dirname(found), path));
    } catch (cause) {
      throw new HeedError('FILE_ACCESS', { message: `${name}: ${path} can't be read`, details: { name, path }, cause });
    }
  };
}

/** Path of the package's package.json; undefined when the package isn't installed. */
function find(require: NodeJS.Require, name: string): string | undefined {
  try {
    return require.resolve(`${name}/package.json`);
  } catch {
    return undefined;
  }
}

const missing = (name: string, version: string, what: string): HeedError =>
  new HeedError('DATA_MISSING', {
    message: `the data are in the npm package ${name}, which ${what}`,
    hint: `npm install ${name}@${version}`,
    details: { name, version },
  });
