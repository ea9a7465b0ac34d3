import { wasm } from '@heed/backend-wasm';
import { testOnnx } from '../onnx.js';

testOnnx(wasm());
