// The theme as a style sheet, made while building: the components could write it into the page at run time, but our
// content security policy allows no styles that are not files of ours.
import { runnerImport, type Plugin } from 'vite';

const NAME = 'virtual:theme.css';
const RESOLVED = `\0${NAME}`;

export function themeCss(): Plugin {
  return {
    name: 'theme-css',
    resolveId: (id) => (id === NAME ? RESOLVED : undefined),
    async load(id) {
      if (id !== RESOLVED) return undefined;
      const file = new URL('theme-text.ts', import.meta.url).pathname;
      const { module } = await runnerImport<{ css: string }>(file, {
        configFile: false,
        environments: { inline: { resolve: { noExternal: [/@cloudscape-design/] } } },
      });
      return module.css;
    },
  };
}
