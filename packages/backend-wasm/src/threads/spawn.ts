/// <reference types="node" />
/// <reference lib="dom" />
import { isNode } from '../platform.js';
import { serve, type ThreadData } from './serve.js';

/** Ends a thread. */
export type Stop = () => void;

/** Starts a thread that serves: in Node, or in a page or worker of a browser. */
export function spawn(data: ThreadData): Stop {
  return isNode() ? spawnInNode(data) : spawnInBrowser(data);
}

/** Threads that the machine has. */
export function hardwareThreads(): number {
  if (isNode()) return process.getBuiltinModule('node:os').availableParallelism();
  return typeof navigator === 'object' ? navigator.hardwareConcurrency : 1;
}

/** Whether this thread may block; the main one of a browser may not. */
export const mayBlock = (): boolean => isNode() || typeof document === 'undefined';

function spawnInNode(data: ThreadData): Stop {
  const { Worker } = process.getBuiltinModule('node:worker_threads');
  const source = `(${serve.toString()})(require('node:worker_threads').workerData)`;
  const worker = new Worker(source, { eval: true, workerData: data, execArgv: [] });
  worker.unref(); // an idle thread doesn't keep the process alive
  return () => void worker.terminate();
}

function spawnInBrowser(data: ThreadData): Stop {
  // From text: a file would have to be found, in every bundler.
  const text = `onmessage = ({ data }) => (${serve.toString()})(data)`;
  const url = URL.createObjectURL(new Blob([text], { type: 'text/javascript' }));
  const worker = new Worker(url);
  URL.revokeObjectURL(url); // the worker has it
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker has none
  worker.postMessage(data);
  return () => worker.terminate();
}
