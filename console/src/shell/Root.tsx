// Around every page: the title of the browser's tab, and the dialogs that outlive pages.
import { Outlet, useMatches } from '@tanstack/react-router';
import { useEffect } from 'react';
import { HeldDialog } from '../dialog/held';

export function Root() {
  const title = useMatches({ select: (matches) => matches.findLast(({ staticData }) => staticData.title !== undefined)?.staticData.title });
  useEffect(() => {
    document.title = title === undefined ? 'Rolecall' : `${title} · Rolecall`;
  }, [title]);
  return (
    <>
      <Outlet />
      <HeldDialog />
    </>
  );
}
