// What stands below a user's email in the list.
import Box from '@cloudscape-design/components/box';
import Icon from '@cloudscape-design/components/icon';
import { LongText } from '../look/LongText';
import { AsRead } from '../look/SubjectName';
import { legible } from '../readable';
import type { User } from './users';

/** The email as people read it, where that differs; whether they are disabled or have a password that they did not choose; and what else their provider calls them. */
export function Marks({ user }: { user: User }) {
  return (
    <>
      <AsRead email={user.username} />
      {(!user.enabled || user.generatedPassword || user.temporaryPassword || user.emailAtProvider != null) && (
        <div className="marks">
          {!user.enabled && (
            <Box variant="small" color="text-status-inactive">
              <Icon name="status-stopped" size="inherit" /> Disabled
            </Box>
          )}
          {user.generatedPassword && (
            <Box variant="small" color="text-status-warning">
              <span title="Generated when the user was created, and not changed since.">Generated password</span>
            </Box>
          )}
          {user.temporaryPassword && (
            <Box variant="small" color="text-status-inactive">
              <span title="The user must change it at the next sign-in.">Temporary password</span>
            </Box>
          )}
          {user.emailAtProvider != null && (
            <Box variant="small" color="text-status-warning">
              At the provider: <LongText>{legible(user.emailAtProvider)}</LongText>
            </Box>
          )}
        </div>
      )}
    </>
  );
}
