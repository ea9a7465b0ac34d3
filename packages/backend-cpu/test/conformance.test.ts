import { describeConformance } from '@heed/conformance/vitest';
import { keepReport } from '@heed/reports';
import { cpu } from '../src/index.js';

describeConformance(cpu(), { onReport: keepReport });
