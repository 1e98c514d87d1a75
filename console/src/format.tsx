// Numbers and dates as people read them: in English, in the reader's own time zone.
import Box from '@cloudscape-design/components/box';

/** The reader's kind of English, where he reads English, since the words around it are English anyway. */
const locale = globalThis.navigator.language.startsWith('en') ? globalThis.navigator.language : 'en';

const number = new Intl.NumberFormat(locale);
const exact = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' });
const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });

export function formatNumber(value: number): string {
  return number.format(value);
}

const UNITS: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 31_557_600_000],
  ['month', 2_629_800_000],
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
];

export function formatRelative(at: Date, now: Date): string {
  const distance = at.getTime() - now.getTime();
  const [unit, length] = UNITS.find(([, length]) => Math.abs(distance) >= length) ?? ['minute', 60_000];
  const count = Math.trunc(distance / length);
  return count === 0 ? 'just now' : relative.format(count, unit);
}

/** When something was: exactly, and how long ago. */
export function When({ at, otherwise }: { at: string | null | undefined; otherwise: string }) {
  if (at === null || at === undefined) return <Box color="text-status-inactive">{otherwise}</Box>;
  const date = new Date(at);
  return (
    <time dateTime={at} title={date.toString()}>
      {exact.format(date)}{' '}
      <Box variant="span" color="text-body-secondary">
        ({formatRelative(date, new Date())})
      </Box>
    </time>
  );
}
