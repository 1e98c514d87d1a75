import { expect, test } from 'vitest';
import { legible, legibly, readable } from './readable';

test.each([
  ['ana@xn--bcher-kva.example', 'ana@bücher.example'],
  ['ana@xn--e1afmkfd.xn--p1ai', 'ana@пример.рф'],
  ["xn--o'neil@sub.xn--bcher-kva.example", "xn--o'neil@sub.bücher.example"],
])('%s is read as %s', (email, shown) => {
  expect(readable(email)).toBe(shown);
});

test.each(['ana@example.com', 'xn--bcher-kva@example.com', 'ana@xn--0.example', 'ana@xn--ab-g1t.example', 'robot-7', ''])(
  '%s is shown as it is kept',
  (email) => {
    expect(readable(email)).toBeUndefined();
  },
);

test('in a sentence both forms are told, and any other name is itself', () => {
  expect(legible('ana@xn--bcher-kva.example')).toBe('ana@bücher.example (ana@xn--bcher-kva.example)');
  for (const name of ['ana@example.com', 'researchers', '']) expect(legible(name)).toBe(name);
});

test('a text tells both forms of each email in it', () => {
  expect(legibly('a user "ana@xn--bcher-kva.example" already exists')).toBe('a user "ana@bücher.example (ana@xn--bcher-kva.example)" already exists');
  expect(legibly('ana@xn--e1afmkfd.xn--p1ai already has Viewer.')).toBe('ana@пример.рф (ana@xn--e1afmkfd.xn--p1ai) already has Viewer.');
  expect(legibly('ben@example.com already has Viewer.')).toBe('ben@example.com already has Viewer.');
});
