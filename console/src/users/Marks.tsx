// What stands below a user's email in the list.
import Box from '@cloudscape-design/components/box';
import Icon from '@cloudscape-design/components/icon';
import { AsRead } from '../look/SubjectName';
import type { User } from './users';

/** The email as people read it, where that differs, and whether they are disabled or still have the password that was generated. */
export function Marks({ user }: { user: User }) {
  return (
    <>
      <AsRead email={user.username} />
      {!user.enabled && (
        <Box variant="small" display="block" color="text-status-inactive">
          <Icon name="status-stopped" size="inherit" /> Disabled
        </Box>
      )}
      {user.generatedPassword && (
        <Box variant="small" display="block" color="text-status-warning">
          <span title="Generated when the user was created, and not changed since.">Generated password</span>
        </Box>
      )}
    </>
  );
}
