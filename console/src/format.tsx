// Numbers and dates as people read them: in English, in the reader's own time zone.
import { authorName } from './authors';
import { SubjectName } from './look/SubjectName';

/** The reader's kind of English; the words around it are English anyway. */
const locale = globalThis.navigator.language.startsWith('en') ? globalThis.navigator.language : 'en';

const number = new Intl.NumberFormat(locale);
const exact = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' });
const precise = new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeStyle: 'long' });
const days = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });

export function formatNumber(value: number): string {
  return number.format(value);
}

/** `1 user`, `2 users`. The noun is in the plural, and ends with its s. */
export function formatCount(count: number, nouns: string): string {
  return `${formatNumber(count)} ${count === 1 ? nouns.replace(/s$/, '') : nouns}`;
}

const elapsed = new Intl.RelativeTimeFormat(locale, { numeric: 'always' });

const DAY = 86_400_000;

const UNITS: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 31_557_600_000],
  ['month', 2_629_800_000],
  ['day', DAY],
  ['hour', 3_600_000],
  ['minute', 60_000],
];

export function formatRelative(at: Date, now: Date): string {
  const distance = at.getTime() - now.getTime();
  const [unit, length] = UNITS.find(([, length]) => Math.abs(distance) >= length) ?? ['minute', 60_000];
  // "Yesterday" is the day before, however many hours ago that was. Everything else is counted in full.
  if (unit === 'day') return days.format(dayOf(at) - dayOf(now), unit);
  const count = Math.trunc(distance / length);
  return count === 0 ? 'just now' : elapsed.format(count, unit);
}

/** The number of a day in the reader's time zone. */
function dayOf(at: Date): number {
  return Math.floor(Date.UTC(at.getFullYear(), at.getMonth(), at.getDate()) / DAY);
}

/** How long ago something was; the exact time shows on hover and in a cell that has the focus, and is read out. */
export function When({ at, otherwise }: { at: string | null | undefined; otherwise: string }) {
  if (at === null || at === undefined) return <span className="dim">{otherwise}</span>;
  const date = new Date(at);
  return (
    <time dateTime={at} title={precise.format(date)} className="when">
      <span aria-hidden="true">{formatRelative(date, new Date())}</span>
      <span className="unseen">{exact.format(date)}</span>
    </time>
  );
}

/** Who made something. */
export function Author({ name, wrap = false }: { name: string; wrap?: boolean }) {
  return <SubjectName name={authorName(name)} wrap={wrap} />;
}
