import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { compress } from './build/compress.ts';
import { notices } from './build/notices.ts';
import { themeCss } from './build/theme-css.ts';
import { weight } from './build/weight.ts';

const site = 'dist/site';

export default defineConfig({
  plugins: [react(), themeCss(), notices(), compress(site), weight(site)],
  // The components' messages are read already when they are published, so nothing of ours reads any.
  resolve: { alias: { '@formatjs/icu-messageformat-parser': '@formatjs/icu-messageformat-parser/no-parser.js' } },
  build: {
    outDir: site,
    emptyOutDir: true,
    target: 'es2022',
    // Our policy refuses scripts and styles from data: addresses, and small files compress well anyway.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  // `npm run dev`: the page from here, everything else from a server that runs.
  server: { proxy: { '/api': 'http://localhost:8080', '/access/v1': 'http://localhost:8080' } },
});
