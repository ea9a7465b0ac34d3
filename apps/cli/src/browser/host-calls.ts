import type { DataFile } from '@heed/datasets';
import type { OnnxFiles, OnnxSource } from '@heed/onnx';
import type { LockHolder, RunLock } from '@heed/nn';
import type { Host, PlacedText, TextReading } from '../host.js';

/** Who holds signals back while work can be saved. */
export interface SignalHold {
  hold(note: string): void;
  release(): void;
}

/** A file of data that the page may ask for by its number. */
export interface OpenedData extends Pick<DataFile, 'name' | 'size'> {
  readonly id: number;
}

/** What a page may ask of the host, one call each; `remoteHost` in the page makes a `Host` of them again. */
export function hostCalls(host: Host, { hold, release }: SignalHold) {
  const { output } = host;
  const sources = new Map<string, OnnxSource>();
  const packages = new Map<string, (path: string) => Promise<Uint8Array>>();
  const locks = new Map<string, RunLock>();
  const dataFiles: DataFile[] = [];
  const readers = new Map<number, ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>>>();
  let texts: AsyncIterator<readonly PlacedText[]>;
  const opened = (file: DataFile): OpenedData => {
    dataFiles.push(file);
    return { id: dataFiles.length - 1, name: file.name, size: file.size };
  };
  return {
    event: output.event.bind(output),
    print: output.print.bind(output),
    maps: output.maps.bind(output),
    overlays: output.overlays.bind(output),
    note: output.note.bind(output),
    error: output.error.bind(output),
    progress: output.progress.bind(output),
    endProgress: output.endProgress.bind(output),
    drained: output.drained.bind(output),

    readFile: host.readFile.bind(host),
    sizeOfFile: async (path: string): Promise<number> => (await host.openFile(path)).size,
    readPart: async (path: string, start: number, end: number): Promise<Uint8Array> =>
      (await host.openFile(path)).read(start, end),
    writeFile: host.writeFile.bind(host),
    filesIn: host.filesIn.bind(host),
    versionsOf: host.versionsOf.bind(host),

    shippedModel: host.shippedModel.bind(host),
    sentenceEncoderFiles: host.sentenceEncoderFiles.bind(host),
    openPackage: async (name: string, version: string): Promise<void> => {
      packages.set(name, await host.packageFiles(name, version));
    },
    readPackage: async (name: string, path: string): Promise<Uint8Array> => packages.get(name)!(path),
    makeFolder: async (path: string) => (await host.runFolder(path)).make(),
    hasIn: async (path: string, file: string) => (await host.runFolder(path)).has(file),
    readIn: async (path: string, file: string, maxBytes: number) => (await host.runFolder(path)).read(file, maxBytes),
    writeIn: async (path: string, file: string, bytes: Uint8Array) => (await host.runFolder(path)).write(file, bytes),
    removeIn: async (path: string, file: string) => (await host.runFolder(path)).remove(file),
    removeLeftovers: async (path: string, files: readonly string[]) =>
      (await host.runFolder(path)).removeLeftovers(files),
    /** @returns whose lock was taken over */
    async lockFolder(path: string): Promise<LockHolder | undefined> {
      const lock = await (await host.runFolder(path)).lock!();
      locks.set(path, lock);
      return lock.takenOver;
    },
    assertLocked: async (path: string) => locks.get(path)!.assertHeld(),
    unlockFolder: (path: string) => locks.get(path)!.release(),

    openData: async (path: string): Promise<OpenedData> => opened(await host.dataFile(path)),
    openBeside: async (path: string, endings: readonly string[]): Promise<OpenedData[]> =>
      (await host.filesBeside(path, endings)).map(opened),
    /** @returns number of the stream */
    streamData(file: number): number {
      const id = readers.size;
      readers.set(id, dataFiles[file]!.stream().getReader());
      return id;
    },
    /** Undefined after the last. */
    async nextData(id: number): Promise<Uint8Array<ArrayBuffer> | undefined> {
      const { done, value } = await readers.get(id)!.read();
      return done ? undefined : value;
    },
    closeData: (id: number): Promise<void> => readers.get(id)!.cancel(),

    async onnxIds(folder: string): Promise<string[]> {
      for (const source of await host.onnxCases(folder)) sources.set(source.id, source);
      return [...sources.keys()];
    },
    readOnnx: async (id: string): Promise<readonly OnnxFiles[]> => sources.get(id)!.read(),

    openTexts(how: TextReading): void {
      texts = host.texts(how)[Symbol.asyncIterator]();
    },
    /** Undefined after the last. */
    async nextTexts(): Promise<readonly PlacedText[] | undefined> {
      const { done, value } = await texts.next();
      return done ? undefined : value;
    },

    hold,
    release,
  };
}

export type HostCalls = ReturnType<typeof hostCalls>;
