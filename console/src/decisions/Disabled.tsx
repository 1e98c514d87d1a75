// What a disabled subject needs first, whatever the access rules are: to be enabled. A user can be enabled right here.
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';
import { answer, api } from '../api/client';
import { openWith } from '../dialog/address';
import { useMay } from '../permissions/permissions';
import { useQuestion } from './question';
import { nameOf, type Who } from './words';

const ChangeUsersDialog = lazy(async () => ({ default: (await import('../users/ChangeUsersDialog')).ChangeUsersDialog }));

interface Props {
  who: Who;
  /** Whether no access rule would permit it either. */
  lacksRule: boolean;
  /** Asks the question again. */
  again: () => void;
}

export function Disabled({ who, lacksRule, again }: Props) {
  const [{ dialog }, change] = useQuestion();
  const name = nameOf(who);
  const mayEnable = useMay()(['users', 'update']) && who.subject.type === 'user';
  const { data: id } = useQuery({ ...idQuery(who.subject.id), enabled: mayEnable });
  const enabling = id && openWith('enable', [id]);
  return (
    <div>
      <Box variant="h3">{name} must be enabled first</Box>
      <div>
        Disabled {who.subject.type === 'user' ? 'users' : 'service accounts'} have no access, whatever their access rules.{' '}
        {lacksRule && `Once enabled, ${name} also needs an access rule: ask again then. `}
        {enabling && (
          <Button variant="inline-link" onClick={() => change({ dialog: enabling })}>
            Enable this user
          </Button>
        )}
      </div>
      {id && dialog === enabling && (
        <Suspense>
          <ChangeUsersDialog
            what="enable"
            ids={[id]}
            onInstead={() => undefined}
            onClose={() => {
              change({ dialog: undefined });
              again();
            }}
          />
        </Suspense>
      )}
    </div>
  );
}

/** The id of the user of that email; null where there is none. */
function idQuery(email: string) {
  return {
    queryKey: ['users', 'id', email],
    queryFn: async ({ signal }: { signal: AbortSignal }) => (await answer(api.GET('/api/v1/users', { params: { query: { filterBy: `username==${email}`, limit: 1 } }, signal })))[0]?.id ?? null,
  };
}
