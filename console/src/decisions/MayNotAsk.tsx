// To a reader who may ask about themselves only: what they are not shown, and what they can do.
import Alert from '@cloudscape-design/components/alert';
import { PageLink } from '../shell/PageLink';

/** `what` completes the sentence `You may not see …`. */
export function MayNotAsk({ what }: { what: string }) {
  return (
    <Alert type="info" header={`You may not see ${what}`}>
      This needs permission to view access rules. Ask an administrator, who can see it by the same link. Your own access is shown in{' '}
      <PageLink href="/me/access">My access</PageLink>.
    </Alert>
  );
}
