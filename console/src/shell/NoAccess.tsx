// Somebody who is signed in and may do nothing here.
import Alert from '@cloudscape-design/components/alert';
import Header from '@cloudscape-design/components/header';
import ContentLayout from '@cloudscape-design/components/content-layout';
import { useSession } from '../session/session';

export default function NoAccess() {
  const session = useSession();
  return (
    <ContentLayout header={<Header variant="h1">Welcome</Header>} maxContentWidth={720}>
      <Alert type="info" header="No access rule shows you anything here">
        Whoever gave you this address can help: ask an administrator of your department, or of the platform, for an access
        rule for <strong>{session?.username}</strong>. It counts at once; then load this page again.
      </Alert>
    </ContentLayout>
  );
}
