// What helps when a sign-in fails, as the guide to the codes says it: docs/sso/codes.md is the one place for it.
import guide from '../../../docs/sso/codes.md?raw';

export interface Advice {
  happened: string;
  helps: string;
}

/** What the guide says of a code; a row with `family-…` is about the codes that no other row names. */
export function adviceFor(code: string): Advice | undefined {
  const rows = guide.split('\n').flatMap(rowOf);
  const row = rows.find(({ codes }) => codes.includes(code)) ?? rows.find(({ codes }) => codes.some((it) => it.endsWith('…') && code.startsWith(it.slice(0, -1))));
  return row && { happened: plain(row.happened), helps: plain(row.helps) };
}

function rowOf(line: string): (Advice & { codes: string[] })[] {
  const [, codes, happened, helps] = line.split(/ *\| */);
  if (codes === undefined || happened === undefined || helps === undefined || !codes.startsWith('`')) return [];
  return [{ codes: codes.split(',').map((code) => code.trim().replaceAll('`', '')), happened, helps }];
}

/** Without the marks of the guide, as a sentence. */
function plain(text: string): string {
  const words = text.replaceAll(/[`*]/g, '');
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}${words.endsWith('.') ? '' : '.'}`;
}
