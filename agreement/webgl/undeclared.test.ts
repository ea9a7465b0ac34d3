import { webgl } from '@heed/backend-webgl';
import { describeUndeclared } from '../undeclared.js';

describeUndeclared(webgl());
