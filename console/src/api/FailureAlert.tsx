// A failure where it arose, with what helps to find it in the server's log, and when to try again.
import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import { useEffect, useState } from 'react';
import { asFailure } from './failure';

export function FailureAlert({ error, header, retry }: { error: unknown; header?: string; retry?: () => void }) {
  const { message, requestId, retryAfter } = asFailure(error);
  const action = retry && { action: <Button onClick={retry}>Try again</Button> };
  return (
    <Alert type="error" {...(header === undefined ? {} : { header })} {...action}>
      {message}
      {retryAfter !== undefined && <Countdown key={requestId} seconds={retryAfter} />}
      {requestId !== undefined && (
        <Box variant="small" display="block" color="inherit">
          Request {requestId}
        </Box>
      )}
    </Alert>
  );
}

/** Counts down to when another try makes sense. */
function Countdown({ seconds }: { seconds: number }) {
  const [left, setLeft] = useState(seconds);
  useEffect(() => {
    const timer = setInterval(() => setLeft((now) => Math.max(0, now - 1)), 1000);
    return () => clearInterval(timer);
  }, []);
  return <span> {left > 0 ? `Try again in ${left} s.` : 'Try again now.'}</span>;
}
