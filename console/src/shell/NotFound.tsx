// An address that is no page.
import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';

export default function NotFound() {
  return (
    <main className="narrow">
      <Alert type="warning" header="There is no such page" action={<Button href="/">To the first page</Button>}>
        The address may be mistyped, or of a newer Rolecall.
      </Alert>
    </main>
  );
}
