// A dialog that does one thing: its form, what went wrong where it arose, and no second try while the first is under way.
// Cancel is a way out even then: a server may never answer.
// INVARIANT: a button that can be pressed does something. Until the dialog has read what it is about, the button shows that it waits.
import Box from '@cloudscape-design/components/box';
import Button, { type ButtonProps } from '@cloudscape-design/components/button';
import Modal from '@cloudscape-design/components/modal';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useMutation } from '@tanstack/react-query';
import { type ReactNode, type SubmitEvent, useId, useRef } from 'react';
import { Failure } from '../api/failure';
import { FailureAlert } from '../api/FailureAlert';
import { DangerButton } from '../look/DangerButton';
import { LongText } from '../look/LongText';
import { notify } from '../notices/notices';
import { isLeaving, useOpener, waitForServer } from './held';

/** Whether it can be sent: what it is about may still be loading, or may be nothing that this can be done with. */
export type FormState = 'loading' | 'blocked' | 'ready';

interface Props<Done> {
  title: string;
  /** What the button says: `Create`. */
  submit: string;
  /** Whether something is lost with it. */
  isDanger?: boolean;
  /** The fields. What is typed in them stays when the server refuses it. */
  children: ReactNode;
  /** Of what it is about, and not of the fields. */
  state?: FormState;
  /** Whether the fields can be sent; marks those that cannot. Absent: there are none. */
  ready?: () => boolean;
  /** Does it, until the signal says that nobody waits for it any more. */
  act: (signal: AbortSignal) => Promise<Done>;
  onDone: (done: Done) => void;
  onClose: () => void;
}

export function FormDialog<Done>({ title, submit, isDanger = false, children, state = 'ready', ready = () => true, act, onDone, onClose }: Props<Done>) {
  const form = useId();
  useOpener();
  const cancel = useRef<AbortController>(undefined);
  const { mutate, error, isPending } = useMutation({
    mutationFn: ({ signal }: AbortController) => act(signal),
    onMutate: waitForServer,
    onSuccess: (done, { signal }) => !signal.aborted && onDone(done),
    // After `onDone`, which may hold a dialog.
    onSettled: (_done, _error, _sent, isThere) => isThere?.(),
  });
  // The second click of a double click comes before the button is drawn anew.
  const sent = useRef(false);

  const send = (event: SubmitEvent) => {
    event.preventDefault();
    // Nothing is sent in another session than the one that the page shows.
    if (sent.current || isLeaving() || state !== 'ready' || !ready()) return;
    sent.current = true;
    cancel.current = new AbortController();
    mutate(cancel.current, {
      onSettled: () => {
        sent.current = false;
      },
    });
  };
  const button: ButtonProps = {
    formAction: 'submit',
    form,
    disabled: state === 'blocked',
    loading: isPending || state === 'loading',
    loadingText: isPending ? `${submit}: under way` : 'Loading',
    children: submit,
  };
  const close = () => {
    if (isPending) {
      cancel.current?.abort();
      notify({ type: 'warning', header: `${submit}: canceled before the server answered`, content: 'It may have been done. Check before you try again.' });
    }
    onClose();
  };
  return (
    <Modal
      visible
      header={<LongText>{title}</LongText>}
      closeAriaLabel="Close"
      // A click beside the dialog is a slip more often than a wish, and so is Escape while it is under way.
      onDismiss={({ detail }) => detail.reason !== 'overlay' && !(isPending && detail.reason === 'keyboard') && close()}
      footer={
        <Box float="right">
          <SpaceBetween size="xs" direction="horizontal">
            <Button variant="link" onClick={close}>
              Cancel
            </Button>
            {isDanger ? <DangerButton {...button} filled /> : <Button {...button} variant="primary" />}
          </SpaceBetween>
        </Box>
      }
    >
      <form id={form} ref={focusFirst} onSubmit={send} noValidate>
        <SpaceBetween size="m">
          {error && <FailureAlert error={error} {...(error instanceof Failure && error.mayHaveWorked ? { further: 'It may have been done. Check before you try again.' } : {})} />}
          {children}
        </SpaceBetween>
      </form>
    </Modal>
  );
}

/** One begins to type at once. Later than the dialog's own choice, which is its closing button. What only searches among choices is not typed first. */
function focusFirst(form: HTMLFormElement | null) {
  setTimeout(() => form?.querySelector<HTMLElement>('input:not([type=search], [type=checkbox], [role=combobox]), textarea')?.focus());
}
