// The person is signed in and has no access rule that shows anything here.
import Alert from '@cloudscape-design/components/alert';
import Header from '@cloudscape-design/components/header';
import ContentLayout from '@cloudscape-design/components/content-layout';
import { legible } from '../readable';
import { useSession } from '../session/session';

export default function NoAccess() {
  const session = useSession();
  return (
    <ContentLayout header={<Header variant="h1">Welcome</Header>} maxContentWidth={720}>
      <Alert type="info" header="You have no access here yet">
        Ask an administrator of your department or of the platform for an access rule for <strong>{legible(session?.username ?? '')}</strong>. Then
        reload this page.
      </Alert>
    </ContentLayout>
  );
}
