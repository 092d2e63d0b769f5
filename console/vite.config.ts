import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vite';

/** Where the product listens while the console is worked on; see `npm run dev`. */
const api = `http://127.0.0.1:${process.env['ALFA_HTTP_PORT'] ?? '8080'}`;

export default defineConfig({
  base: '/console/',
  plugins: [vue()],
  build: {
    target: 'es2023',
    // A data: address would need an exception of the content security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  server: {
    host: '127.0.0.1',
    // The product takes what acts from its own pages alone.
    proxy: { '^/(?!console/)': { target: api, changeOrigin: true, headers: { Origin: api } } },
  },
});
