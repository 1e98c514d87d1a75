// A page that could not be shown at all.
import { FailureAlert } from '../api/FailureAlert';

export function Problem({ error, reset }: { error: unknown; reset: () => void }) {
  return (
    <main className="narrow">
      <FailureAlert header="This page cannot be shown" error={error} retry={reset} />
    </main>
  );
}
