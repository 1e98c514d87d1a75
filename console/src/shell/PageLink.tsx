// A link to another page of the console, which is opened without loading everything anew.
import Link from '@cloudscape-design/components/link';
import { useRouter } from '@tanstack/react-router';
import type { ReactNode } from 'react';

export function PageLink({ href, label, children }: { href: string; label?: string; children: ReactNode }) {
  const router = useRouter();
  return (
    <Link
      href={href}
      {...(label === undefined ? {} : { ariaLabel: label })}
      onFollow={(event) => {
        event.preventDefault();
        router.history.push(href);
      }}
    >
      {children}
    </Link>
  );
}
