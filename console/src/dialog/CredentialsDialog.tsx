// A secret that is shown this once: to copy, each part and all of it, and then it is gone.
import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import CopyToClipboard from '@cloudscape-design/components/copy-to-clipboard';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import Modal from '@cloudscape-design/components/modal';
import SpaceBetween from '@cloudscape-design/components/space-between';

interface Props {
  title: string;
  /** What the person must do with them. */
  advice: string;
  parts: readonly { label: string; value: string }[];
  onDone: () => void;
}

export function CredentialsDialog({ title, advice, parts, onDone }: Props) {
  const everything = parts.map(({ label, value }) => `${label}: ${value}`).join('\n');
  return (
    <Modal
      visible
      header={title}
      closeAriaLabel="Close"
      // Neither a slip of the mouse nor Escape may lose what cannot be shown again.
      onDismiss={({ detail }) => detail.reason === 'closeButton' && onDone()}
      footer={
        <Box float="right">
          <SpaceBetween size="xs" direction="horizontal">
            <Copy variant="button" what="all of it" text={everything} button="Copy all" />
            <Button variant="primary" onClick={onDone}>
              Done
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="m">
        <Alert type="warning">{advice}</Alert>
        <KeyValuePairs
          columns={1}
          items={parts.map(({ label, value }) => ({
            label,
            value: (
              <SpaceBetween size="xs" direction="horizontal" alignItems="center">
                <Box variant="code">{value}</Box>
                <Copy variant="icon" what={label.toLowerCase()} text={value} button={`Copy ${label.toLowerCase()}`} />
              </SpaceBetween>
            ),
          }))}
        />
      </SpaceBetween>
    </Modal>
  );
}

function Copy({ variant, what, text, button }: { variant: 'button' | 'icon'; what: string; text: string; button: string }) {
  return (
    <CopyToClipboard
      variant={variant}
      textToCopy={text}
      copyButtonText={button}
      copyButtonAriaLabel={button}
      copySuccessText={`Copied ${what}`}
      copyErrorText="The browser does not allow copying here: select the text instead"
    />
  );
}
