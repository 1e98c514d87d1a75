// A button that leads to something that is lost: red text and border, and filled red only in the dialog that asks.
import Button, { type ButtonProps } from '@cloudscape-design/components/button';

const RED = 'light-dark(#b91c1c, #fca5a5)';
const TINT = 'light-dark(#fef2f2, #450a0a)';

const COLOR = { default: RED, hover: RED, active: RED };

const STYLE: ButtonProps.Style = {
  root: {
    color: COLOR,
    borderColor: { default: RED, hover: RED, active: RED },
    background: { hover: TINT, active: TINT },
  },
};

const FILL = '#b91c1c';
const DEEPER = '#991b1b';

const FILLED: ButtonProps.Style = {
  root: {
    color: { default: '#ffffff', hover: '#ffffff', active: '#ffffff' },
    borderColor: { default: FILL, hover: DEEPER, active: DEEPER },
    background: { default: FILL, hover: DEEPER, active: DEEPER },
  },
};

/** The same as an icon in a row. */
export function DangerIcon(props: Pick<ButtonProps, 'iconName' | 'ariaLabel' | 'onClick'>) {
  return <Button {...props} variant="inline-icon" style={{ root: { color: COLOR } }} />;
}

export function DangerButton({ filled = false, ...props }: Omit<ButtonProps, 'style' | 'variant'> & { filled?: boolean }) {
  return filled ? <Button {...props} variant="primary" style={FILLED} /> : <Button {...props} style={STYLE} />;
}
