export { webgpu, type Gpu, type WebgpuOptions } from './webgpu.js';
