// An address that is no page.
import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';

export default function NotFound() {
  return (
    <main className="narrow">
      <Alert type="warning" header="Page not found" action={<Button href="/">Go to the first page</Button>}>
        The address may be mistyped or may belong to a newer version of Rolecall.
      </Alert>
    </main>
  );
}
