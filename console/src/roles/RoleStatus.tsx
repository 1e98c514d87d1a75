// Whether a role counts, and where it comes from.
import StatusIndicator from '@cloudscape-design/components/status-indicator';

export function RoleStatus({ enabled }: { enabled: boolean }) {
  return enabled ? <StatusIndicator type="success">Enabled</StatusIndicator> : <StatusIndicator type="stopped">Disabled</StatusIndicator>;
}

export function typeOfRole({ custom }: { custom: boolean }): string {
  return custom ? 'Custom' : 'Predefined';
}
