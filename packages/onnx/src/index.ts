export type { OnnxFiles } from './onnx-case.js';
export { runOnnx, type OnnxOptions, type OnnxSource } from './run-onnx.js';
