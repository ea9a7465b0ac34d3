import type { PackageReader } from '@heed/base';
import { packageFiles as filesSeenFrom } from '@heed/base/package-files';

/** Reader of the files of an npm package that is a peer dependency of this one. */
export const packageFiles: PackageReader = (name, version) => filesSeenFrom(name, version, import.meta.url);
