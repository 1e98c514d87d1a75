// Beside the form of a role: what the role is like, what a change adds and takes away, and what its maker does not have themselves.
import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { type ReactNode, useState } from 'react';
import { shortened } from '../impact/impact';
import { allowedBy } from '../permissions/allowed';
import type { Permission } from '../permissions/permissions';
import type { Role } from '../rules/roles';
import { type Difference, linesFor, nearest } from './draft';

/** What the role is like, so that nobody makes one that exists already. */
export function Likeness({ permissions, roles, catalogue }: { permissions: readonly string[]; roles: readonly Role[]; catalogue: readonly Permission[] }) {
  const found = nearest(permissions, roles);
  const isSame = found !== undefined && found.more.length + found.less.length === 0;
  return (
    <Container header={<Header variant="h3">{found === undefined ? 'Nearest predefined role' : `Nearest predefined role: ${found.role.name}`}</Header>}>
      {found === undefined ? (
        <Box color="text-body-secondary">Choose permissions to see which role is like this one.</Box>
      ) : isSame ? (
        <div>It permits the same as {found.role.name}.</div>
      ) : (
        <SpaceBetween size="s">
          <Lines title="More" codes={found.more} catalogue={catalogue} />
          <Lines title="Less" codes={found.less} catalogue={catalogue} />
        </SpaceBetween>
      )}
    </Container>
  );
}

/** What a change adds to the role and takes from it. The children say who is affected. */
export function Changes({ changes: { more, less }, catalogue, children }: { changes: Difference; catalogue: readonly Permission[]; children: ReactNode }) {
  return (
    <Container header={<Header variant="h3">What changes</Header>}>
      <SpaceBetween size="s">
        {more.length + less.length === 0 && <div>The role permits the same as before.</div>}
        <Lines title="The role gains" codes={more} catalogue={catalogue} />
        <Lines title="The role loses" codes={less} catalogue={catalogue} />
        {children}
      </SpaceBetween>
    </Container>
  );
}

/** The server refuses a role with more permissions than its maker has. */
export function Beyond({ codes, catalogue, onRemove }: { codes: readonly string[]; catalogue: readonly Permission[]; onRemove: () => void }) {
  if (codes.length === 0) return null;
  return (
    <Alert
      type="warning"
      header="You do not have all of these permissions in the account"
      action={
        <Button formAction="none" onClick={onRemove}>
          Remove them
        </Button>
      }
    >
      <Lines title="Missing" codes={codes} catalogue={catalogue} />
    </Alert>
  );
}

function Lines({ title, codes, catalogue }: { title: string; codes: readonly string[]; catalogue: readonly Permission[] }) {
  const [isOpen, setOpen] = useState(false);
  const lines = allowedBy(linesFor(codes, catalogue));
  if (lines.length === 0) return null;
  const isShortened = !isOpen && lines.some((line) => shortened(line) !== line);
  return (
    <div>
      <strong>{title}</strong>
      <ul className="plain">
        {lines.map((line) => (
          <li key={line}>{isOpen ? line : shortened(line)}</li>
        ))}
      </ul>
      {isShortened && (
        <Button formAction="none" variant="inline-link" ariaLabel={`Show all: ${title}`} onClick={() => setOpen(true)}>
          Show all
        </Button>
      )}
    </div>
  );
}
