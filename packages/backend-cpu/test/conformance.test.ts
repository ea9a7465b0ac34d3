import { describeConformance } from '@heed/conformance/vitest';
import { cpu } from '../src/index.js';

describeConformance(cpu());
