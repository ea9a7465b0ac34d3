import { createRequire } from 'node:module';
import { cpus } from 'node:os';
import type { CaseOutcome } from '../case.js';

/** What a run found, and where. */
export interface Report {
  /** The command that makes such a report. */
  readonly command: string;
  readonly date: string;
  readonly machine: string;
  readonly node: string;
  /** Which of its builds Heed's kernels are; absent from runs of which each system says that itself. */
  readonly simd?: string;
  readonly versions: Readonly<Record<string, string>>;
  readonly rounds: number;
  readonly cases: readonly CaseOutcome[];
}

const PEERS = [
  '@tensorflow/tfjs-backend-wasm',
  'onnxruntime-web',
  'onnxruntime-node',
  '@huggingface/transformers',
  '@jax-js/jax',
];

export function describeRun(command: string, cases: readonly CaseOutcome[], rounds: number, simd?: string): Report {
  return {
    command,
    date: new Date().toISOString().slice(0, 10),
    machine: `${cpus()[0]?.model.trim() ?? 'unknown processor'}, ${cpus().length} cores, ${process.platform} ${process.arch}`,
    node: process.versions.node,
    ...(simd !== undefined && { simd }),
    versions: Object.fromEntries(PEERS.map((name) => [name, versionOf(name)])),
    rounds,
    cases,
  };
}

/** 'Node 20' */
export const runtimeOf = ({ node }: Pick<Report, 'node'>): string => `Node ${node.split('.')[0]}`;

function versionOf(name: string): string {
  const require = createRequire(import.meta.url);
  for (const folder of require.resolve.paths(name) ?? []) {
    try {
      return (require(`${folder}/${name}/package.json`) as { version: string }).version;
    } catch {
      // in another folder, then
    }
  }
  return 'not installed';
}
