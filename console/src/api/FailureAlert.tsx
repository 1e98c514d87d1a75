// A failure where it arose, with what helps to find it in the server's log, and when to try again.
import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import LiveRegion from '@cloudscape-design/components/live-region';
import ExpandableSection from '@cloudscape-design/components/expandable-section';
import { type ReactNode, useEffect, useState } from 'react';
import { asFailure, Failure } from './failure';

interface Props {
  error: unknown;
  header?: string;
  /** In words that are clearer here than the error's own. */
  words?: string | undefined;
  /** What to know besides. */
  further?: string;
  /** Tries again; not offered where the answer would be the same. */
  retry?: () => void;
  /** What to do where another try makes no sense. */
  action?: ReactNode;
}

export function FailureAlert({ error, header, words, further, retry, action }: Props) {
  const { message, requestId, retryAfter } = asFailure(error);
  const mayPass = !(error instanceof Failure && error.isFinal);
  // It may stand in a form, which it must not send.
  const again = (onClick: () => void) => (
    <Button formAction="none" onClick={onClick}>
      Try again
    </Button>
  );
  return (
    <Alert type="error" {...(header === undefined ? {} : { header })} action={action ?? (mayPass && retry && again(retry))}>
      <LiveRegion assertive>
        {words ?? message}
        {further !== undefined && ` ${further}`}
      </LiveRegion>
      {/* Not announced, since it changes every second. */}
      {retryAfter !== undefined && <Countdown key={requestId} seconds={retryAfter} />}
      {requestId !== undefined && (
        <ExpandableSection variant="inline" headerText="Details">
          <Box variant="small" color="inherit">
            Request {requestId}
          </Box>
        </ExpandableSection>
      )}
    </Alert>
  );
}

/** Counts down to when another try makes sense. By the clock: a browser that slept, or is not looked at, misses ticks. */
function Countdown({ seconds }: { seconds: number }) {
  const [now, setNow] = useState(() => Date.now());
  const [until] = useState(now + seconds * 1000);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  const left = Math.max(0, Math.ceil((until - now) / 1000));
  return <span>{left > 0 ? `Try again in ${left} s.` : 'Try again now.'}</span>;
}
