// The licences of the packages whose code is in the built files, as one text that is served with them.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from 'vite';

export function notices(): Plugin {
  return {
    name: 'notices',
    apply: 'build',
    generateBundle(_, bundle) {
      const folders = new Set<string>();
      for (const output of Object.values(bundle)) {
        if (output.type !== 'chunk') continue;
        for (const id of output.moduleIds) {
          const found = /^\0?(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(id)?.[1];
          if (found !== undefined && existsSync(join(found, 'package.json'))) folders.add(found);
        }
      }
      const texts = [...folders].sort().map(notice);
      this.emitFile({ type: 'asset', fileName: 'licences.txt', source: texts.join('\n\n') });
    },
  };
}

function notice(folder: string): string {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    name: string;
    version: string;
    license?: string;
  };
  const files = readdirSync(folder).filter((file) => /^(licen[cs]e|notice|third-party-licenses)/i.test(file));
  const texts = files.sort().map((file) => {
    const path = join(folder, file);
    return existsSync(path) && !/\.[jt]s$/.test(file) ? readText(path) : '';
  });
  return [`${name} ${version} (${license ?? 'see below'})`, ...texts].join('\n\n');
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // A folder of licences: its files name what is in the package's own assets, which are not in the build.
    return '';
  }
}
