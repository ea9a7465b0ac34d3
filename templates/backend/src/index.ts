export { yourBackend } from './your-backend.js';
