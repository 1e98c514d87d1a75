// The way from something to the questions about it.
import Button from '@cloudscape-design/components/button';
import { useRouter } from '@tanstack/react-router';
import { hrefOf, type Question } from './question';

export function CheckAccessButton({ question }: { question: Question }) {
  const router = useRouter();
  const href = hrefOf(question);
  return (
    <Button
      href={href}
      onFollow={(event) => {
        event.preventDefault();
        router.history.push(href);
      }}
    >
      Check access
    </Button>
  );
}
