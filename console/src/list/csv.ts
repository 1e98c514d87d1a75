// Rows as CSV (RFC 4180), for spreadsheets: with a mark that says UTF-8, and without cells that would be executed.

const BYTE_ORDER_MARK = '\uFEFF';

export function toCsv(rows: readonly (readonly string[])[]): string {
  return BYTE_ORDER_MARK + rows.map((row) => `${row.map(cell).join(',')}\r\n`).join('');
}

function cell(text: string): string {
  // A spreadsheet takes these for the beginning of a formula; where people write Chinese, Japanese or Korean also the
  // full-width ones. An apostrophe in front says that it is text. Where lists are separated by semicolons or tabs, a cell begins
  // behind one of ours, whatever quotes we set.
  const harmless = text.replace(/(?<=^"*|[;\t\r\n]"*)[=+\-@＝＋－＠\t\r\n]/g, "'$&");
  return /[",\r\n\t]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
