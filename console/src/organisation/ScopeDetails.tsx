// The selected scope: what it is, what the person can do with it, and who has which role there.
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useEffect, useEffectEvent, useRef } from 'react';
import { CheckAccessButton } from '../decisions/CheckAccessButton';
import { giveFocusTo } from '../dialog/held';
import { useStays } from '../dialog/useStays';
import { DangerButton } from '../look/DangerButton';
import { useMay } from '../permissions/permissions';
import { DeleteScopeDialog, EditScopeDialog, NewScopeDialog } from './dialogs';
import { BELOW, keyOf, type Place } from './organisation';
import { ScopeRules } from './ScopeRules';
import { scopeWord } from './words';

interface Props {
  place: Place;
  /** Whether a dialog led here, after which nothing else has the focus. */
  takesFocus: boolean;
  onFocus: () => void;
  dialog: string | undefined;
  onDialog: (dialog: string | undefined) => void;
  /** Shows another scope, and closes the dialog. */
  onShow: (key: string) => void;
}

export function ScopeDetails({ place, takesFocus, onFocus, dialog, onDialog, onShow }: Props) {
  const { node, above } = place;
  const may = useMay(keyOf(node));
  const below = BELOW[node.type];
  // The account is neither renamed nor deleted here.
  const changeable = node.type !== 'tenant';
  const mayCreate = below !== undefined && may([below, 'create']);
  const mayEdit = changeable && may([node.type, 'update']);
  const mayDelete = changeable && may([node.type, 'delete']);
  const [parent] = above;
  const close = () => onDialog(undefined);
  const stays = useStays(dialog, dialog === 'new' ? mayCreate : dialog === 'edit' ? mayEdit : mayDelete);
  const heading = useRef<HTMLSpanElement>(null);
  const arrive = useEffectEvent(() => {
    if (heading.current) giveFocusTo(heading.current);
    onFocus();
  });
  useEffect(() => {
    if (!takesFocus) return;
    // Later than the dialog's own choice, which is a button that is gone.
    const timer = setTimeout(arrive);
    return () => clearTimeout(timer);
  }, [takesFocus]);
  return (
    <SpaceBetween size="l">
      <Container
        header={
          <Header
            variant="h2"
            actions={
              <SpaceBetween size="xs" direction="horizontal">
                <CheckAccessButton question={{ scope: keyOf(node) }} />
                {mayDelete && <DangerButton onClick={() => onDialog('delete')}>Delete</DangerButton>}
                {mayEdit && <Button onClick={() => onDialog('edit')}>Edit</Button>}
                {mayCreate && (
                  <Button variant="primary" iconName="add-plus" onClick={() => onDialog('new')}>
                    New {below}
                  </Button>
                )}
              </SpaceBetween>
            }
          >
            <span ref={heading} tabIndex={-1}>
              {node.name}
            </span>
          </Header>
        }
      >
        <KeyValuePairs
          columns={2}
          items={[
            { label: 'Type', value: scopeWord(node.type) },
            { label: 'Parent', value: parent === undefined ? 'None' : above.toReversed().map(({ name }) => name).join(' / ') },
            ...(!node.byNameOnly && (node.type === 'department' || node.type === 'project') ? [{ label: 'Description', value: node.description === '' ? '–' : node.description }] : []),
            { label: 'ID', value: node.id },
          ]}
        />
        {node.byNameOnly && (
          <Box color="text-body-secondary" padding={{ top: 's' }}>
            You see only its name, because you have access to something below it.
          </Box>
        )}
      </Container>
      <ScopeRules place={place} />
      {stays && dialog === 'new' && <NewScopeDialog above={node} onDone={onShow} onClose={close} />}
      {stays && dialog === 'edit' && <EditScopeDialog place={place} onClose={close} />}
      {stays && parent !== undefined && dialog === 'delete' && <DeleteScopeDialog place={place} onDone={() => onShow(keyOf(parent))} onClose={close} />}
    </SpaceBetween>
  );
}
