export { loadOnnxFolder } from './node/onnx-folder.js';
