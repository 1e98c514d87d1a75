// What stands below a user's email in the list.
import Box from '@cloudscape-design/components/box';
import { readable } from '../readable';
import type { User } from './users';

/** The email as people read it, where that differs, and whether its owner still has the password that was generated. */
export function Marks({ user }: { user: User }) {
  const shown = readable(user.username);
  return (
    <>
      {shown !== undefined && (
        <Box variant="small" display="block" color="text-body-secondary">
          {shown}
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
