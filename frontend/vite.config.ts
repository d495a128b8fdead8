import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

/** Where `npm run dev` finds the backend. */
const backend = "http://127.0.0.1:3456";

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  server: { host: "127.0.0.1", proxy: { "/api": { target: backend } } },
  build: {
    outDir: "dist",
    emptyOutDir: true,
    target: "es2023",
    // Browsers that know light-dark(), so that the tokens arrive as they are written.
    cssTarget: ["chrome123", "firefox120", "safari17.5"],
    // Fonts and images stay files: the policy has no data: for them.
    assetsInlineLimit: 0,
    rolldownOptions: {
      output: {
        // What changes seldom stays in the browser's cache when the dashboard changes.
        codeSplitting: {
          groups: [
            { name: "react", test: /node_modules\/(react|react-dom|scheduler)\// },
            { name: "framework", test: /node_modules\/(@tanstack|radix-ui|@radix-ui|@floating-ui|zod)\// },
          ],
        },
      },
      treeshake: {
        // Only declarations in there: what a page does not use, such as the public suffix list, must not come with it.
        moduleSideEffects: (id) => !/\/(tldts|tldts-core|packages\/(indicators|contract))\//.test(id),
      },
    },
  },
});
