// A secret that is shown once: to copy, each part and all of it. It is held until Done; every other way out asks first.
import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button, { type ButtonProps } from '@cloudscape-design/components/button';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import Modal from '@cloudscape-design/components/modal';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useBlocker } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { LongText } from '../look/LongText';
import { hold } from './held';
import { Copy } from '../look/Copy';

interface Credentials {
  title: string;
  /** What the person must do with them. */
  advice: string;
  /** What is copied is the value. `shown` stands for a name, as people read it; without it the value is shown as code. */
  parts: readonly { label: string; value: string; shown?: string }[];
  onDone: () => void;
}

export function showCredentials({ onDone, ...credentials }: Credentials) {
  hold((close) => (
    <CredentialsDialog
      {...credentials}
      onDone={() => {
        close();
        onDone();
      }}
    />
  ));
}

function CredentialsDialog({ title, advice, parts, onDone }: Credentials) {
  const [closing, setClosing] = useState(false);
  // Where Done leads to must not be blocked by what is about to go.
  const isDone = useRef(false);
  // Back leaves, and so does another page. The address of the same page may change: the dialog that made the secret closes.
  const leaving = useBlocker({
    shouldBlockFn: ({ current, next, action }) => !isDone.current && (!['PUSH', 'REPLACE'].includes(action) || current.pathname !== next.pathname),
    enableBeforeUnload: () => !isDone.current,
    withResolver: true,
  });
  const asks = closing || leaving.status === 'blocked';
  // The focus follows the question: Escape, and reading on, work from there.
  const keep = useRef<ButtonProps.Ref>(null);
  const done = useRef<ButtonProps.Ref>(null);
  useEffect(() => {
    if (asks) keep.current?.focus();
  }, [asks]);
  const everything = parts.map(({ label, value }) => `${label}: ${value}`).join('\n');
  const stay = () => {
    done.current?.focus();
    setClosing(false);
    leaving.reset?.();
  };
  const finish = () => {
    isDone.current = true;
    onDone();
  };
  const leave = () => {
    leaving.proceed?.();
    finish();
  };
  return (
    <Modal
      visible
      header={title}
      closeAriaLabel="Close"
      // A click beside the dialog is a slip more often than a wish.
      onDismiss={({ detail }) => detail.reason !== 'overlay' && setClosing(true)}
      footer={
        <Box float="right">
          <SpaceBetween size="xs" direction="horizontal">
            <Copy variant="button" what="" text={everything} button="Copy all" />
            <Button ref={done} variant="primary" onClick={finish}>
              Done
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="m">
        {asks ? (
          <Alert
            type="warning"
            header="Close it for good?"
            action={
              <SpaceBetween size="xs" direction="horizontal">
                <Button ref={keep} onClick={stay}>Keep it open</Button>
                <Button onClick={leave}>Close anyway</Button>
              </SpaceBetween>
            }
          >
            It won&apos;t be shown again.
          </Alert>
        ) : (
          <Alert type="warning">{advice}</Alert>
        )}
        <KeyValuePairs
          columns={1}
          items={parts.map(({ label, value, shown }) => ({
            label,
            value: (
              <SpaceBetween size="xs" direction="horizontal" alignItems="center">
                {shown === undefined ? <Box variant="code">{value}</Box> : <div><LongText>{shown}</LongText></div>}
                <Copy variant="icon" what={` ${label.toLowerCase()}`} text={value} button={`Copy ${label.toLowerCase()}`} />
              </SpaceBetween>
            ),
          }))}
        />
      </SpaceBetween>
    </Modal>
  );
}
