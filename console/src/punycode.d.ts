// The package has no types of its own.
declare module 'punycode/punycode.es6.js' {
  /** The domain with each label that is punycode in its own script. */
  export function toUnicode(domain: string): string;
}
