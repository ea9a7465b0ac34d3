import type { DataFile } from '@heed/datasets';
import type { RunFolder } from '@heed/nn';
import { Ansis } from 'ansis';
import { OWN } from '../catalog.js';
import type { HostCalls, OpenedData } from '../browser/host-calls.js';
import type { Host, Output } from '../host.js';
import type { PageGlobals, TerminalFacts } from './globals.js';
import { encode, settle } from './message.js';

const globals = globalThis as unknown as PageGlobals;

type Name = keyof HostCalls;
type Call = <N extends Name>(name: N, ...args: Parameters<HostCalls[N]>) => Promise<Awaited<ReturnType<HostCalls[N]>>>;

/** Calls arrive in the order in which they are made. */
const call: Call = async (name, ...args) => settle(await globals.heedHost(encode([name, args]))) as never;

/** The host of a job in this page: Node's, through calls. */
export function remoteHost({ json, colors, stdinIsTerminal }: TerminalFacts): Host {
  return {
    ...OWN,
    output: remoteOutput(json, colors),
    stdinIsTerminal,
    readFile: (path, maxBytes) => call('readFile', path, maxBytes),
    openFile: async (path) => ({
      size: await call('sizeOfFile', path),
      read: (start, end) => call('readPart', path, start, end),
    }),
    writeFile: (path, content) => call('writeFile', path, content),
    filesIn: (path) => call('filesIn', path),
    dataFile: async (path) => remoteFile(await call('openData', path)),
    filesBeside: async (path, endings) => (await call('openBeside', path, endings)).map(remoteFile),
    runFolder: async (path) => remoteFolder(path),
    shippedModel: (task) => call('shippedModel', task),
    async packageFiles(name, version) {
      await call('openPackage', name, version);
      return (path) => call('readPackage', name, path);
    },
    sentenceEncoderFiles: () => call('sentenceEncoderFiles'),
    async onnxCases(folder) {
      const ids = await call('onnxIds', folder);
      return ids.map((id) => ({ id, read: () => call('readOnnx', id) }));
    },
    versionsOf: (backend) => call('versionsOf', backend),
    async *texts(how) {
      await call('openTexts', how);
      for (let batch = await call('nextTexts'); batch !== undefined; batch = await call('nextTexts')) yield batch;
    },
    interruptible(note) {
      const controller = new AbortController();
      globals.heedInterrupt = () => controller.abort();
      void call('hold', note);
      return { signal: controller.signal, release: () => void call('release') };
    },
  };
}

function remoteOutput(json: boolean, colors: number): Output {
  return {
    json,
    paint: new Ansis(colors),
    event: (event) => json && post(call('event', event)),
    print: (text) => json || post(call('print', text)),
    maps: (maps) => json || post(call('maps', maps)),
    overlays: (overlays) => json || post(call('overlays', overlays)),
    note: (text) => post(call('note', text)),
    error: (report) => post(call('error', report)),
    progress: (state) => post(call('progress', state)),
    endProgress: () => post(call('endProgress')),
    drained: () => call('drained'),
  };
}

/** Who writes doesn't wait; what goes wrong shows when the job ends. */
function post(sent: Promise<void>): void {
  sent.catch(() => {});
}

const remoteFile = ({ id, ...facts }: OpenedData): DataFile => ({ ...facts, stream: () => remoteStream(id) });

/** Chunks of a file as they are asked for. */
function remoteStream(id: number): ReadableStream<Uint8Array<ArrayBuffer>> {
  const reader = call('streamData', id);
  return new ReadableStream({
    async pull(controller) {
      const chunk = await call('nextData', await reader);
      if (chunk === undefined) controller.close();
      else controller.enqueue(chunk);
    },
    async cancel() {
      await call('closeData', await reader);
    },
  });
}

function remoteFolder(path: string): RunFolder {
  return {
    path,
    make: () => call('makeFolder', path),
    has: (file) => call('hasIn', path, file),
    read: (file, maxBytes) => call('readIn', path, file, maxBytes),
    write: (file, bytes) => call('writeIn', path, file, bytes),
    remove: (file) => call('removeIn', path, file),
    removeLeftovers: (files) => call('removeLeftovers', path, files),
    async lock() {
      const takenOver = await call('lockFolder', path);
      return {
        ...(takenOver !== undefined && { takenOver }),
        assertHeld: () => call('assertLocked', path),
        release: () => post(call('unlockFolder', path)),
      };
    },
  };
}
