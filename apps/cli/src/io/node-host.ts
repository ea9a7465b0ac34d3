import { freemem } from 'node:os';
import { getHeapStatistics } from 'node:v8';
import { openBytes } from '@heed/formats/node';
import { OWN, type Catalog } from '../catalog.js';
import type { Host } from '../host.js';
import { filesIn, readBytes, writeWhole } from './files.js';
import { interruptible } from './interrupt.js';
import { readTexts } from './read-texts.js';
import { TerminalOutput } from './terminal-output.js';

/** The machine as Node shows it, with what commands know. What it takes is loaded when it is needed. */
export function nodeHost({ json, catalog = OWN }: { json: boolean; catalog?: Catalog }): Host {
  const output = new TerminalOutput({ json });
  return {
    ...catalog,
    output,
    heapLimit: getHeapStatistics().heap_size_limit,
    freeMemory: () => process.availableMemory?.() ?? freemem(),
    stdinIsTerminal: process.stdin.isTTY === true,
    readFile: readBytes,
    openFile: openBytes,
    writeFile: writeWhole,
    filesIn,
    dataFile: async (path) => (await import('@heed/datasets/node')).dataFile(path),
    filesBeside: async (path, endings) => (await import('@heed/datasets/node')).filesBeside(path, endings),
    runFolder: async (path) => (await import('@heed/nn/node')).runFolder(path),
    shippedModel: async (task) => {
      const { MODEL_NAMES, modelFolder } = await import('@heed/models/node');
      return MODEL_NAMES.includes(task) ? modelFolder(task) : undefined;
    },
    packageFiles: async (name, version) => (await import('@heed/datasets')).packageFiles(name, version),
    sentenceEncoderFiles: async () => (await import('@heed/sentence-encoder')).readSentenceEncoder(),
    onnxCases: async (folder) => (await import('@heed/onnx/node')).loadOnnxFolder(folder),
    versionsOf: async (name) => (await import('@heed/backends/node')).installedVersions(catalog.backends.named(name)),
    texts: readTexts,
    interruptible: (note) => interruptible(() => output.note(note)),
  };
}
