import { HeedError } from '@heed/base';

// More files than a model or somebody's data has; a folder with more was let go by mistake.
const MOST = 1000;

/** A file that somebody gave. */
export interface GivenFile {
  readonly file: File;
  /** Where it lies in the folder that was given, which the path begins with; its name where it was given by itself. */
  readonly path: string;
}

/** Files that were chosen by themselves, or with a folder. */
export const chosenFiles = (files: Iterable<File>): readonly GivenFile[] =>
  Array.from(files, (file) => ({ file, path: file.webkitRelativePath || file.name }));

/**
 * Files of a drop, those in its folders too, however deep.
 *
 * @param isWanted whether a file of a folder is taken, by its name; files that were dropped by themselves are taken all
 * @throws HeedError FILE_INVALID for a folder of too many files, FILE_ACCESS
 */
export async function droppedFiles(
  { files, items }: Pick<DataTransfer, 'files' | 'items'>,
  isWanted: (name: string) => boolean,
): Promise<readonly GivenFile[]> {
  // After the first pause the browser has forgotten the drop.
  const loose = chosenFiles(files);
  const folders = [...items].map((item) => item.webkitGetAsEntry()).filter(isFolder);
  if (folders.length === 0) return loose;
  const found = loose.filter(({ path }) => folders.every((folder) => folder.name !== path));
  const waiting = [...folders];
  let seen = 0;
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    for (const entry of await entriesOf(folder)) {
      if (++seen > MOST) throw tooMany(folder.name);
      if (isFolder(entry)) waiting.push(entry);
      else if (isFile(entry) && isWanted(entry.name))
        found.push({ file: await fileOf(entry), path: entry.fullPath.replace(/^\//, '') });
    }
  }
  return found;
}

const isFolder = (entry: FileSystemEntry | null): entry is FileSystemDirectoryEntry => entry?.isDirectory === true;
const isFile = (entry: FileSystemEntry): entry is FileSystemFileEntry => entry.isFile;

/** All entries of a folder; a browser gives some at a time, and none when there are no more. */
async function entriesOf(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader();
  const all: FileSystemEntry[] = [];
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject)).catch(
      refuse(folder),
    );
    if (some.length === 0 || all.length > MOST) return all;
    all.push(...some);
  }
}

const fileOf = (entry: FileSystemFileEntry): Promise<File> =>
  new Promise<File>((resolve, reject) => entry.file(resolve, reject)).catch(refuse(entry));

const refuse =
  ({ name }: FileSystemEntry) =>
  (cause: unknown): never => {
    throw new HeedError('FILE_ACCESS', {
      message: `${name} can't be read: ${String(cause)}`,
      details: { file: name },
      cause,
    });
  };

const tooMany = (name: string): HeedError =>
  new HeedError('FILE_INVALID', {
    message: `the folder ${name} holds more than ${MOST} files`,
    hint: 'give the folder of one run, or its files',
    details: { file: name, most: MOST },
  });
