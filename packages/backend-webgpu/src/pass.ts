/// <reference lib="dom" />
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { WebgpuEngine } from './engine.js';
import { Pipelines } from './pipelines.js';

/** A dispatch of a compute shader. Tensors are arrays of their numbers in row-major order, under the names that they have here. */
export interface Pass {
  /** What it computes, for people who read a device's messages. */
  readonly label: string;
  /** Read: `array<f32>`, or `array<i32>` for those that hold whole numbers. */
  readonly inputs: Readonly<Record<string, TensorInfo>>;
  /** Written, and never an input of the same pass. */
  readonly outputs: Readonly<Record<string, TensorInfo>>;
  /** Uniforms `u.name`, i32 and f32. What changes from call to call belongs here, so that a program is compiled once. */
  readonly integers?: Readonly<Record<string, number>>;
  readonly floats?: Readonly<Record<string, number>>;
  /** Invocations of a workgroup along x; WebGPU promises 128 of them. */
  readonly invocations: number;
  readonly workgroups: readonly [x: number, y: number, z: number];
  /** Defines `fn compute(group: vec3u, local: u32)`, with `local` in 0 … invocations − 1. */
  readonly code: string;
}

type Run = (pass: Pass) => void;

/** Runs passes, or has their programs compiled where that is all that is wanted. */
export function createRun(engine: WebgpuEngine): Run {
  const pipelines = Pipelines.of(engine.device);
  return (pass) => {
    const source = sourceOf(pass, engine);
    if (engine.compilesOnly()) return pipelines.begin(pass.label, source);
    const tensors = [...Object.values(pass.inputs), ...Object.values(pass.outputs)];
    engine.dispatch(pipelines.get(pass.label, source), tensors, uniformsOf(pass), pass.workgroups);
  };
}

function sourceOf(pass: Pass, engine: WebgpuEngine): string {
  const { inputs, outputs, integers = {}, floats = {}, invocations, code } = pass;
  const reads = Object.entries(inputs).map(([name, tensor]) => ({
    name,
    access: 'read',
    type: engine.holdsWhole(tensor) ? 'i32' : 'f32',
  }));
  const writes = Object.keys(outputs).map((name) => ({ name, access: 'read_write', type: 'f32' }));
  // All are named in the code, as a pipeline's layout has none that isn't: hooks read captures in some passes alone.
  const buffers = [...reads, ...writes];
  const members = [
    ...Object.keys(integers).map((name) => `${name}: i32,`),
    ...Object.keys(floats).map((name) => `${name}: f32,`),
    ...padding(Object.keys(integers).length + Object.keys(floats).length).map((n) => `padding${n}: i32,`),
  ];
  return `
${buffers.map(({ name, access, type }, n) => `@group(0) @binding(${n}) var<storage, ${access}> ${name}: array<${type}>;`).join('\n')}
struct Uniforms { ${members.join(' ')} }
@group(0) @binding(${buffers.length}) var<uniform> u: Uniforms;
${code}
@compute @workgroup_size(${invocations})
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) local: u32) {
  ${buffers.map(({ name }) => `_ = &${name};`).join(' ')}
  compute(group, local);
}`;
}

function uniformsOf({ integers = {}, floats = {} }: Pass): ArrayBuffer {
  const [whole, real] = [Object.values(integers), Object.values(floats)];
  const count = whole.length + real.length;
  const buffer = new ArrayBuffer(4 * (count + padding(count).length));
  new Int32Array(buffer).set(whole);
  new Float32Array(buffer, 4 * whole.length, real.length).set(real);
  return buffer;
}

/** A uniform buffer is whole vectors of four. */
const padding = (count: number): number[] =>
  Array.from({ length: Math.max(4, Math.ceil(count / 4) * 4) - count }, (_, n) => n);

/** Workgroups that a row of a flat dispatch may have: what WebGPU promises, rounded down. */
const ROW = 2 ** 15;

/** Workgroups for so many of them in a row; `flatGroup(group)` is the number of each. */
export function flat(count: number): readonly [number, number, number] {
  return count <= ROW ? [count, 1, 1] : [ROW, Math.ceil(count / ROW), 1];
}

export const FLAT_GROUP = `fn flatGroup(group: vec3u) -> u32 { return group.y * ${ROW}u + group.x; }`;
