import type { PackageReader } from '@heed/base';
import { packageFiles as filesSeenFrom } from '@heed/base/package-files';

/** Files of an npm package that is installed beside this one, which names it as its peer. */
export const packageFiles: PackageReader = (name, version) => filesSeenFrom(name, version, import.meta.url);
