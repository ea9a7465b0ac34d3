import { execFile } from 'node:child_process';
import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { packedPackages } from '../../scripts/pack.mjs';
import { withDependencies } from '../../scripts/packages.mjs';
import { INSTALL } from './project.js';

const EXAMPLES = fileURLToPath(new URL('../../examples', import.meta.url));

type Ranges = Record<string, string>;
interface Manifest {
  dependencies?: Ranges;
  devDependencies?: Ranges;
}

/** Copies examples into a folder, as a repository of their own, and installs in it what they need, Heed's packages from their tarballs. */
export async function installExamples(names: readonly string[], folder: string): Promise<void> {
  const packed = await packedPackages();
  const published = new Set(packed.map(({ manifest }) => manifest.name));
  const workspace = await readFile(new URL('../../pnpm-workspace.yaml', import.meta.url), 'utf8');
  /** Version of a package of other people, as the workspace has it. */
  const catalog = (name: string): string => new RegExp(`^  '?${name}'?: (.+)$`, 'm').exec(workspace)![1]!;
  const needed = new Set<string>();
  for (const name of names) {
    const copy = join(folder, name);
    const isKept = (path: string): boolean => !/[/\\](?:node_modules|dist|runs)$/.test(path);
    await cp(join(EXAMPLES, name), copy, { recursive: true, filter: isKept });
    const manifest = JSON.parse(await readFile(join(copy, 'package.json'), 'utf8')) as Manifest;
    for (const ranges of [manifest.dependencies ?? {}, manifest.devDependencies ?? {}]) {
      for (const [dependency, range] of Object.entries(ranges)) {
        if (range === 'catalog:') ranges[dependency] = catalog(dependency);
        if (range.startsWith('workspace:')) ranges[dependency] = '*';
        if (published.has(dependency)) needed.add(dependency);
      }
    }
    await writeFile(join(copy, 'package.json'), JSON.stringify(manifest));
  }
  // What is packed needs its like, which no registry has.
  const tarballs = withDependencies(packed, [...needed]).map(({ manifest, tarball }) => [
    manifest.name,
    `file:${tarball}`,
  ]);
  const root = { private: true, workspaces: names, dependencies: Object.fromEntries(tarballs) as Ranges };
  await writeFile(join(folder, 'package.json'), JSON.stringify(root));
  await promisify(execFile)('npm', [...INSTALL], { cwd: folder, shell: process.platform === 'win32' });
}
