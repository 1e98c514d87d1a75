import { expect, test } from 'vitest';
import { readFileSync } from 'node:fs';
import { levelOf, short } from './Chip';

test.each([
  ['Department administrator', 'Dept. admin'],
  ['System administrator', 'System admin'],
  ['L1 researcher', 'L1 researcher'],
  ['Viewer', 'Viewer'],
])('%s is %s', (role, chip) => {
  expect(short(role)).toBe(chip);
});

test('a level that this console does not know looks like the narrowest', () => {
  expect([levelOf('cluster'), levelOf('system'), levelOf('toString')]).toEqual(['cluster', 'project', 'project']);
});

test('the text of each level can be read on its tint, in both themes', () => {
  const css = readFileSync(new URL('chip.css', import.meta.url), 'utf8');
  const pairs = [...css.matchAll(/--chip-text: light-dark\((#\w+), (#\w+)\);\s*--chip-tint: light-dark\((#\w+), (#\w+)\)/g)];
  expect(pairs).toHaveLength(4);
  for (const [, light = '', dark = '', lightTint = '', darkTint = ''] of pairs) {
    expect(contrast(light, lightTint)).toBeGreaterThan(4.5);
    expect(contrast(dark, darkTint)).toBeGreaterThan(4.5);
  }
});

/** WCAG 2, contrast ratio. */
function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
