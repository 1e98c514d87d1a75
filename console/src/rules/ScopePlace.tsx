// Where the scope of a rule is, and what is below it. Loaded when it is looked at.
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useQuery } from '@tanstack/react-query';
import { FailureAlert } from '../api/FailureAlert';
import { SCOPES, useUnseen } from '../organisation/unseen';
import { useMay } from '../permissions/permissions';
import { PageLink } from '../shell/PageLink';
import { belowQuery, said } from './below';
import { readRule, type Rule } from './rules';

export default function ScopePlace({ rule }: { rule: Rule }) {
  const { data, error } = useQuery({ queryKey: ['rules', 'one', rule.id], queryFn: ({ signal }) => readRule(rule.id, signal) });
  const seesPlaces = useMay()(['project', 'read']);
  const below = useQuery({ ...belowQuery(rule), enabled: seesPlaces });
  const unseen = useUnseen(...SCOPES);
  if (error) return <FailureAlert error={error} />;
  return (
    <SpaceBetween size="xs">
      <div>{data?.scopePath?.split('/').join(' / ') ?? 'Loading'}</div>
      {below.error && <FailureAlert error={below.error} />}
      {below.data !== undefined && below.data.length > 0 && <div>Below: {below.data.map((count) => said(count, unseen)).join(', ')}</div>}
      {seesPlaces && <PageLink href={`/organisation/scopes?scope=${encodeURIComponent(`${rule.scopeType}:${rule.scopeId}`)}`}>Show in the organization</PageLink>}
    </SpaceBetween>
  );
}
