import { describeConformance } from '@heed/conformance/vitest';
import { yourBackend } from '../src/index.js';

describeConformance(yourBackend());
