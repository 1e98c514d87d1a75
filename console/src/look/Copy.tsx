// A button that copies a text, and says so.
import CopyToClipboard from '@cloudscape-design/components/copy-to-clipboard';

export function Copy({ variant, what, text, button }: { variant: 'button' | 'icon'; what: string; text: string; button: string }) {
  return (
    <CopyToClipboard
      variant={variant}
      textToCopy={text}
      copyButtonText={button}
      copyButtonAriaLabel={button}
      copySuccessText={`Copied${what}`}
      copyErrorText="The browser does not allow copying here. Select the text instead."
    />
  );
}
