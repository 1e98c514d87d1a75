// Organisation: the tree of scopes, and the one that is selected.
import Button from '@cloudscape-design/components/button';
import ContentLayout from '@cloudscape-design/components/content-layout';
import Grid from '@cloudscape-design/components/grid';
import Header from '@cloudscape-design/components/header';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { FailureAlert } from '../api/FailureAlert';
import { useListAddress } from '../list/useListAddress';
import { Follow } from '../look/Follow';
import { Waiting } from '../shell/Waiting';
import NoAccess from '../shell/NoAccess';
import { ownScopeQuery } from '../rules/own';
import { accountQuery, isNoScope, keyOf, type Node, type Place, placeQuery } from './organisation';
import { ScopeDetails } from './ScopeDetails';
import { ScopeTree } from './ScopeTree';

export default function OrganisationPage() {
  const [{ scope: asked, search = '', dialog }, change] = useListAddress();
  const account = useQuery(accountQuery);
  // Who sees no more of the account than its name begins where they have access.
  const begins = useQuery({ ...ownScopeQuery, enabled: asked === undefined && account.data?.byNameOnly === true });
  const scope = asked ?? begins.data ?? undefined;
  const isKnown = asked !== undefined || (account.data !== undefined && !begins.isLoading);
  const { data: read, error, refetch } = useQuery({ ...placeQuery(scope), enabled: isKnown });
  /** What is open once someone opened or closed anything; before, the way to what the address selects. */
  const [chosen, setChosen] = useState<readonly string[]>();
  /** What the last dialog led to: the button that opened it is gone, so the focus goes there. */
  const [arriving, setArriving] = useState<string>();

  /** What the page last showed. A dialog stays on it, with what was typed in it and what the server says, when the person's access ends. */
  const [last, setLast] = useState<{ account: Node; place: Place }>();
  if (account.data && read && (last?.account !== account.data || last.place !== read)) setLast({ account: account.data, place: read });
  const held = dialog !== undefined && (read === null || account.data === null) ? last : undefined;
  const place = held?.place ?? read;
  const top = held?.account ?? account.data;

  if (place === null || top === null) return <NoAccess />;
  if (account.error) return <FailureAlert error={account.error} retry={() => void account.refetch()} />;
  if (top === undefined) return <Waiting />;
  const way = new Set([keyOf(top), ...(place?.above.map(keyOf) ?? [])]);
  const opened = chosen ?? [...way];
  const select = (key: string) => {
    setChosen(search === '' ? opened : undefined);
    change({ scope: key, dialog: undefined });
  };
  const show = (key: string) => {
    // What was made is below the one that was shown, which need not be open.
    setChosen(place ? [...new Set([...opened, keyOf(place.node)])] : opened);
    setArriving(key);
    change({ scope: key, dialog: undefined });
  };
  return (
    <ContentLayout header={<Header variant="h1" description="Clusters, their departments and their projects. A role applies to its scope and everything below it.">Organization</Header>}>
      <Grid gridDefinition={[{ colspan: { default: 12, m: 5 } }, { colspan: { default: 12, m: 7 } }]}>
        <ScopeTree
          account={top}
          selected={place?.node ?? (scope === undefined ? top : undefined)}
          opened={opened}
          onOpen={setChosen}
          search={search}
          onSearch={(text) => change({ search: text })}
          onSelect={select}
        />
        <Follow of={place && keyOf(place.node)}>
          {/* A dialog stays, with what was typed in it, when what it is about is deleted meanwhile. It says so itself. */}
          {error && (place === undefined || dialog === undefined) ? (
            <FailureAlert
              header="The scope cannot be shown"
              error={error}
              {...(isNoScope(error)
                ? { action: <Button onClick={() => change({ scope: keyOf(top), dialog: undefined })}>Show the account</Button> }
                : { retry: () => void refetch() })}
            />
          ) : place === undefined ? (
            <Waiting />
          ) : (
            <ScopeDetails
              key={keyOf(place.node)}
              place={place}
              takesFocus={arriving === keyOf(place.node)}
              onFocus={() => setArriving(undefined)}
              dialog={dialog}
              onDialog={(dialog) => change({ dialog })}
              onShow={show}
            />
          )}
        </Follow>
      </Grid>
    </ContentLayout>
  );
}
