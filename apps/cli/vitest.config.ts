import { defineConfig } from 'vitest/config';

// Most tests start the built command, some train a small model with it.
export default defineConfig({ test: { testTimeout: 60_000, hookTimeout: 60_000 } });
