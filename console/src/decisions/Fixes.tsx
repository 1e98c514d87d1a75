// What would mend a denial: the smallest access rules of which each is enough, and the dialog to make one.
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import { lazy, Suspense } from 'react';
import { idsIn, openWith, whatIsOpen } from '../dialog/address';
import { LongText } from '../look/LongText';
import { useMay } from '../permissions/permissions';
import { legible } from '../readable';
import { PageLink } from '../shell/PageLink';
import { useQuestion } from './question';
import { type Fix, sentenceOfFix, type Who } from './words';

const NewRulesDialog = lazy(async () => ({ default: (await import('../rules/NewRulesDialog')).NewRulesDialog }));

export function Fixes({ fixes, who }: { fixes: readonly Fix[]; who: Who }) {
  const [{ dialog }, change] = useQuestion();
  const may = useMay();
  const [chosen] = whatIsOpen(dialog) === 'rule' ? idsIn(dialog) : [];
  const open = fixes.find(({ roleId, permitted }) => permitted && String(roleId) === chosen);
  if (fixes.length === 0) return <div>No role permits this.</div>;
  return (
    <div>
      <Box variant="h3">{fixes.length === 1 ? 'This access rule would be enough' : 'Any one of these access rules would be enough'}</Box>
      <ul className="plain">
        {fixes.map((fix) => (
          <li key={fix.roleId}>
            <LongText>{sentenceOfFix(fix, who)}</LongText>
            {may(['roles', 'read']) ? (
              <>
                {' (see '}
                <PageLink href={`/access/roles/${fix.roleId}`}>{fix.roleName}</PageLink>
                {'). '}
              </>
            ) : (
              '. '
            )}
            {fix.permitted ? (
              <Button variant="inline-link" ariaLabel={`Add this rule: ${sentenceOfFix(fix, who)}`} onClick={() => change({ dialog: openWith('rule', [String(fix.roleId)]) })}>
                Add this rule
              </Button>
            ) : (
              <Box variant="span" color="text-body-secondary">
                {who.subject.type === 'service-account'
                  ? `You cannot add this rule: either there is no such service account, or you may not give this role in ${fix.scopeName}.`
                  : `You may not give this role in ${fix.scopeName}. Ask an administrator who may.`}
              </Box>
            )}
          </li>
        ))}
      </ul>
      {open && (
        <Suspense>
          <NewRulesDialog
            title={`New access rule for ${legible(who.subject.id)}`}
            subjects={() => [{ subjectType: who.subject.type, subjectId: who.subject.id }]}
            previewed={[{ subjectType: who.subject.type, subjectId: who.subject.id }]}
            given={{ roleId: open.roleId, scopes: [scopeOf(open)] }}
            onClose={() => change({ dialog: undefined })}
          />
        </Suspense>
      )}
    </div>
  );
}

function scopeOf({ scopeType, scopeId, scopeName }: Fix) {
  const type = scopeType === 'cluster' || scopeType === 'department' || scopeType === 'project' ? scopeType : 'tenant';
  return { type, id: scopeId, name: scopeName, path: '' } as const;
}
