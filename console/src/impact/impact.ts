// Previews: who would gain and who would lose what. The server decides it; this puts it in words.
import { infiniteQueryOptions } from '@tanstack/react-query';
import { answer, api, type Schemas } from '../api/client';
import { formatNumber } from '../format';
import { allowedBy } from '../permissions/allowed';

/** Something that could be done. */
export type Act = Schemas['ActForm'];
export type Impact = Schemas['ImpactView'];
type SubjectImpact = Schemas['SubjectImpactView'];

/** As many as the server takes at once. */
export const MOST_ACTS = 500;

export function impactQuery(acts: readonly Act[]) {
  return infiniteQueryOptions({
    queryKey: ['impact', acts],
    queryFn: ({ pageParam, signal }) =>
      answer(api.POST('/api/v1/authorization/impact', { params: { query: { limit: 10, offset: pageParam } }, body: { acts: [...acts] }, signal })),
    initialPageParam: 0,
    getNextPageParam: ({ next }) => next ?? undefined,
    // It is about to be done: nothing that was true a while ago.
    staleTime: 0,
    gcTime: 0,
    retry: false,
  });
}

/** `2 subjects lose access, 1 gains access.` */
export function summary({ affected, gaining, losing, isPartial }: Omit<Impact, 'subjects'>): string {
  const more = isPartial ? ' More may change that you cannot see.' : '';
  if (affected === 0) return isPartial ? `Nobody you can see gains or loses permissions.${more}` : 'Nobody gains or loses permissions.';
  const parts = [counted(gaining, 'gain'), counted(losing, 'lose')].filter((part) => part !== '');
  const [first = '', second] = parts;
  const both = gaining + losing > affected ? ` Of these, ${formatNumber(gaining + losing - affected)} gain some and lose others.` : '';
  return `${first} permissions${second === undefined ? '' : `, ${second}`}.${both}${more}`;
}

function counted(count: number, verb: string): string {
  if (count === 0) return '';
  return count === 1 ? `1 subject ${verb}s` : `${formatNumber(count)} subjects ${verb}`;
}

export interface ImpactLine {
  id: string;
  subject: string;
  subjectType: SubjectImpact['subjectType'];
  /** The subject is named once; below it stand its other scopes. */
  isFirst: boolean;
  scope: { type: string; name: string; path: string };
  /** `View, edit: Projects, Departments` */
  gained: readonly string[];
  lost: readonly string[];
  /** Neither: here, below a scope where something changes, nothing does. */
  isUnchanged: boolean;
  /** How many further scopes of this subject are not shown; at its last line. */
  further: number;
}

/** A line for each subject and scope, in the server's order. */
export function linesOf(subjects: readonly SubjectImpact[]): ImpactLine[] {
  return subjects.flatMap(({ subjectType, subjectId, scopes, scopesCount }) =>
    scopes.map(({ path, gained, lost }, index): ImpactLine => {
      const scope = path.at(-1);
      return {
        id: `${subjectType} ${subjectId} ${scope?.scopeType ?? ''} ${scope?.scopeId ?? ''}`,
        subject: subjectId,
        subjectType,
        isFirst: index === 0,
        scope: { type: scope?.scopeType ?? 'tenant', name: scope?.scopeName ?? '', path: path.map(({ scopeName }) => scopeName).join(' / ') },
        gained: allowedBy(gained),
        lost: allowedBy(lost),
        isUnchanged: gained.length === 0 && lost.length === 0,
        further: index === scopes.length - 1 ? scopesCount - scopes.length : 0,
      };
    }),
  );
}

/** How many names of a line are shown before the rest is asked for. */
const FEW = 4;

/** `View: Departments, Account, Clusters, Nodes and 12 more` */
export function shortened(line: string): string {
  const [verbs = '', names = ''] = line.split(': ');
  const all = names.split(', ');
  // One more is named rather than counted.
  return all.length <= FEW + 1 ? line : `${verbs}: ${all.slice(0, FEW).join(', ')} and ${formatNumber(all.length - FEW)} more`;
}
