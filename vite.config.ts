import { defineConfig } from 'vite';
import { type ManifestOptions, VitePWA } from 'vite-plugin-pwa';
import { pageChunks } from './.ci/chunks.ts';
import { earlyScript } from './.ci/early-script.ts';
import { precompress } from './.ci/precompress.ts';

/** What the browser installs. The pictures are in `public/`. */
const manifest: Partial<ManifestOptions> = {
  id: '/',
  name: 'Holdfast',
  short_name: 'Holdfast',
  description: 'An offline-first study workspace that never loses your work.',
  lang: 'en',
  start_url: '/',
  scope: '/',
  display: 'standalone',
  theme_color: '#f7f8fb',
  background_color: '#f7f8fb',
  categories: ['education', 'productivity'],
  icons: [
    { src: '/icon.svg', sizes: 'any', type: 'image/svg+xml', purpose: 'any' },
    { src: '/icon-192.png', sizes: '192x192', type: 'image/png', purpose: 'any' },
    { src: '/icon-512.png', sizes: '512x512', type: 'image/png', purpose: 'any' },
    { src: '/icon-maskable.svg', sizes: 'any', type: 'image/svg+xml', purpose: 'maskable' },
    { src: '/icon-maskable-192.png', sizes: '192x192', type: 'image/png', purpose: 'maskable' },
    { src: '/icon-maskable-512.png', sizes: '512x512', type: 'image/png', purpose: 'maskable' },
  ],
  screenshots: [
    { src: '/screenshots/wide.png', sizes: '1280x800', type: 'image/png', form_factor: 'wide', label: 'Notes with live preview' },
    { src: '/screenshots/narrow.png', sizes: '390x844', type: 'image/png', form_factor: 'narrow', label: 'Notes on a phone' },
  ],
  // Kept by the service worker (sw/share-target.ts), made a note of by the page.
  share_target: {
    action: '/share',
    method: 'POST' as const,
    enctype: 'multipart/form-data',
    params: { title: 'title', text: 'text', url: 'url', files: [{ name: 'files', accept: ['*/*'] }] },
  },
  shortcuts: [{ name: 'New note', url: '/notes/new', icons: [{ src: '/icon-192.png', sizes: '192x192', type: 'image/png' }] }],
};

/** How long the plugins take on a slow or busy machine is no warning to whoever starts the app. */
const checks = { bundlerTimings: false };

export default defineConfig({
  build: {
    target: 'es2023',
    // Browsers with OKLCH and nesting: nothing of the style sheets is rewritten for older ones.
    cssTarget: ['chrome120', 'firefox121', 'safari17.4'],
    // A data: URL is bytes that no cache can share, and the CSP would have to allow it for each kind of content.
    assetsInlineLimit: 0,
    // Every browser that runs this target knows modulepreload.
    modulePreload: { polyfill: false },
    rolldownOptions: { checks, output: { codeSplitting: { groups: pageChunks } } },
  },
  worker: {
    format: 'es',
    // What the store's worker needs for its first answer is one file, whatever its lazy parts share with it.
    rolldownOptions: { checks, output: { codeSplitting: { groups: [{ name: 'store.worker', tags: ['$initial'] }] } } },
  },
  // What the development server bundles before the first page, workers included: whatever it found later would reload the page.
  optimizeDeps: { entries: ['index.html', 'src/workers/*.ts', 'sw/sw.ts'] },
  // Of two development servers at once, each has a folder of its own: they would take the files away from each other.
  cacheDir: process.env.HOLDFAST_DEV_CACHE_DIR ?? 'node_modules/.vite',
  server: {
    port: Number(process.env.HOLDFAST_DEV_PORT ?? '5173'),
    strictPort: true,
    // The Host as the browser said it: the server refuses requests whose Origin is another one.
    proxy: { '/api': { target: `http://localhost:${process.env.HOLDFAST_PORT ?? '8787'}`, changeOrigin: false } },
  },
  plugins: [
    earlyScript('src/ui/shell/theme-boot.js'),
    VitePWA({
      strategies: 'injectManifest',
      srcDir: 'sw',
      filename: 'sw.ts',
      // The app registers by itself, on workbox-window.
      injectRegister: false,
      manifest,
      includeManifestIcons: false,
      // `npm run dev -- --service-worker`. Without a precache, so that every change is seen at once.
      devOptions: { enabled: process.env.HOLDFAST_DEV_SERVICE_WORKER === '1', type: 'module' },
      // The service worker is a build of its own, which knows nothing of the settings above.
      integration: {
        configureCustomSWViteBuild(config) {
          config.logLevel = 'warn';
          config.build = { ...config.build, rollupOptions: { ...config.build?.rollupOptions, checks } };
        },
      },
      injectManifest: {
        // Firefox runs no module service workers.
        rollupFormat: 'iife',
        target: 'es2023',
        // The whole app, every lazy panel and rescue.html: fully offline after one visit.
        globPatterns: ['**/*.{html,js,css,svg,png,ico,woff2,wasm,json}'],
        // Only an install dialog shows the screenshots.
        globIgnores: ['screenshots/**'],
        // Hashed names need no further revision.
        dontCacheBustURLsMatching: /^assets\//,
        maximumFileSizeToCacheInBytes: 8 * 1024 * 1024,
      },
    }),
    precompress(),
  ],
});
