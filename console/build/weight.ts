// How much script a page needs before it can be used: the build fails when it is too much.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from 'vite';

/** In bytes, as they are sent to a browser that takes brotli and to one that takes gzip only. */
const MOST = { br: 350_000, gz: 400_000 } as const;

/** Belongs behind the plugin that writes the compressed forms. What a page loads when a button is pressed is not counted. */
export function weight(folder: string): Plugin {
  const pages = new Map<string, Set<string>>();
  return {
    name: 'weight',
    apply: 'build',
    generateBundle(_, bundle) {
      const needed = (file: string, seen = new Set<string>()): Set<string> => {
        const chunk = bundle[file];
        if (chunk?.type !== 'chunk' || seen.has(file)) return seen;
        seen.add(file);
        for (const further of chunk.imports) needed(further, seen);
        return seen;
      };
      const named = (ending: string) =>
        Object.values(bundle).flatMap((output) => (output.type === 'chunk' && output.facadeModuleId?.endsWith(ending) === true ? [output.fileName] : []));
      for (const output of Object.values(bundle)) {
        const page = output.type === 'chunk' && /\/src\/(.*Page)\.tsx$/.exec(output.facadeModuleId ?? '')?.[1];
        if (!page) continue;
        // People who are not signed in need no frame.
        const frame = page.startsWith('session/') ? [] : named('/src/shell/Shell.tsx');
        const files = [...named('/index.html'), ...named('/src/shell/Root.tsx'), ...frame, output.fileName];
        pages.set(page, new Set(files.flatMap((file) => [...needed(file)])));
      }
    },
    closeBundle() {
      if (pages.size < 2) throw new Error('the build has no pages to weigh: their files do not end in `Page.tsx` any more');
      const lines = [...pages].sort().map(([page, files]) => {
        const weights = (['br', 'gz'] as const).map((form) => ({ form, bytes: [...files].reduce((sum, file) => sum + sizeOf(join(folder, file), form), 0) }));
        const heavy = weights.some(({ form, bytes }) => bytes > MOST[form]);
        return { heavy, text: `${page}: ${weights.map(({ form, bytes }) => `${(bytes / 1000).toFixed(0)} kB ${form} (at most ${MOST[form] / 1000})`).join(', ')}` };
      });
      // Seen with `npm run build`.
      this.info(lines.map(({ text }) => text).join('\n'));
      const heavy = lines.filter((line) => line.heavy);
      if (heavy.length > 0) throw new Error(`too much script for a page; load what is not seen at once when it is asked for:\n${heavy.map(({ text }) => text).join('\n')}`);
    },
  };
}

/** Small files have no compressed form. */
function sizeOf(path: string, form: string): number {
  try {
    return readFileSync(`${path}.${form}`).length;
  } catch {
    return readFileSync(path).length;
  }
}
