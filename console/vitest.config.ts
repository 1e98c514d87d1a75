import { defineConfig } from 'vitest/config';

// Pure functions, mostly: a test that needs a document says so in its first line.
export default defineConfig({ test: { include: ['src/**/*.test.{ts,tsx}'], environment: 'node' } });
