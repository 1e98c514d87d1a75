import { generateThemeStylesheet } from '@cloudscape-design/components/theming';
import { theme } from '../src/look/theme';

export const css: string = generateThemeStylesheet({ theme });
