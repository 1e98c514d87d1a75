// A role in a scope, short: tinted by the level of the scope, which its glyph and its whole text say as well.
import './chip.css';

export type Level = 'tenant' | 'cluster' | 'department' | 'project';

export const LEVELS: Record<Level, { word: string; glyph: string }> = {
  tenant: { word: 'account', glyph: '■' },
  cluster: { word: 'cluster', glyph: '▣' },
  department: { word: 'department', glyph: '◧' },
  project: { word: 'project', glyph: '□' },
};

export interface ChipProps {
  roleName: string;
  scopeName: string;
  scopeType: string;
}

export function Chip({ roleName, scopeName, scopeType }: ChipProps) {
  const level = levelOf(scopeType);
  // There is one account, so its name tells nothing apart.
  const scope = level === 'tenant' ? LEVELS.tenant.word : scopeName;
  return (
    <span className={`chip chip-${level}`} title={`${roleName} in ${scopeName} (${LEVELS[level].word})`}>
      <span aria-hidden="true">{LEVELS[level].glyph}</span>
      <span aria-hidden="true" className="chip-text">
        {short(roleName)} · {scope}
      </span>
      <span className="unseen">
        {roleName} in {scopeName}
      </span>
    </span>
  );
}

export function levelOf(scopeType: string): Level {
  return Object.hasOwn(LEVELS, scopeType) ? (scopeType as Level) : 'project';
}

/** `Dept. admin` for `Department administrator`. */
export function short(roleName: string): string {
  return roleName.replace(/^Department\b/, 'Dept.').replace(/\badministrator\b/, 'admin');
}
