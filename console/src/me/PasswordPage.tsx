// Me, Password.
import Box from '@cloudscape-design/components/box';
import Container from '@cloudscape-design/components/container';
import ContentLayout from '@cloudscape-design/components/content-layout';
import Header from '@cloudscape-design/components/header';
import { notify } from '../notices/notices';
import { PasswordForm } from '../session/PasswordForm';
import { useSession } from '../session/session';

export default function PasswordPage() {
  const session = useSession();
  const finish = () => notify({ type: 'success', content: 'Your password was changed. You are signed out everywhere else.' });
  return (
    <ContentLayout header={<Header variant="h1" description="Changing it signs you out everywhere else.">Password</Header>} maxContentWidth={640}>
      <Container>
        <Box padding={{ vertical: 'xs' }}>
          <PasswordForm email={session?.username ?? ''} currentLabel="Current password" onDone={finish} />
        </Box>
      </Container>
    </ContentLayout>
  );
}
