// Our colours, and the reader's own font. Everything that is coloured derives from the one palette.
import type { Theme } from '@cloudscape-design/components/theming';

export const theme: Theme = {
  referenceTokens: {
    color: {
      primary: {
        50: '#effaf7',
        100: '#d6f2ea',
        200: '#aee5d8',
        300: '#7fd3c3',
        400: '#4dbfae',
        500: '#219e90',
        600: '#0b746b',
        700: '#0a6660',
        800: '#0b524e',
        900: '#0c423f',
        1000: '#06302e',
      },
    },
  },
  tokens: {
    fontFamilyBase: 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif',
    fontFamilyHeading: 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif',
    fontFamilyDisplay: 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif',
    fontFamilyMonospace: 'ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace',
  },
};
