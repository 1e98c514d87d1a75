// A button that leads to something that is lost: red text and border, filled red only in the dialog that asks.
import Button, { type ButtonProps } from '@cloudscape-design/components/button';

const RED = 'light-dark(#b91c1c, #fca5a5)';
const TINT = 'light-dark(#fef2f2, #450a0a)';

const STYLE: ButtonProps.Style = {
  root: {
    color: { default: RED, hover: RED, active: RED },
    borderColor: { default: RED, hover: RED, active: RED },
    background: { hover: TINT, active: TINT },
  },
};

export function DangerButton(props: Omit<ButtonProps, 'style' | 'variant'>) {
  return <Button {...props} style={STYLE} />;
}
