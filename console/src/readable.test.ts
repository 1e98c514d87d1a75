import { expect, test } from 'vitest';
import { readable } from './readable';

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
