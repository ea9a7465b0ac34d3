import { describeConformance } from '@heed/conformance/vitest';
import { wasm } from '../src/wasm.js';

describeConformance(wasm());
