export { BACKENDS, ownBackend, type Backend } from './backend.js';
export {
  anywhereFirst,
  type BackendFacts,
  type BackendName,
  type BackendSettings,
  type WholeNumberSetting,
} from './facts.js';
export { findBackend, takersOf } from './find-backend.js';
export { lazy } from './lazy.js';
