import { webgl } from '@heed/backend-webgl';
import { testOnnx } from '../onnx.js';

testOnnx(webgl());
