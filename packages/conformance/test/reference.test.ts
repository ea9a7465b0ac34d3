import { referenceBackend } from '../src/reference-backend.js';
import { describeConformance } from '../src/vitest.js';
import { load } from './engine.js';

describeConformance(referenceBackend({ load }));
