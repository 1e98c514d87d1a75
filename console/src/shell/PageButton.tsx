// A button that leads to another page of the console, which is opened without loading everything anew.
import Button from '@cloudscape-design/components/button';
import { useRouter } from '@tanstack/react-router';
import type { ReactNode } from 'react';

export function PageButton({ href, children }: { href: string; children: ReactNode }) {
  const router = useRouter();
  return (
    <Button
      href={href}
      onFollow={(event) => {
        event.preventDefault();
        router.history.push(href);
      }}
    >
      {children}
    </Button>
  );
}
