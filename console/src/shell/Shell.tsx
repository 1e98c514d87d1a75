// The frame around all pages for people who are signed in.
import AppLayout from '@cloudscape-design/components/app-layout';
import { Outlet } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useState } from 'react';
import { Side } from './Side';
import { Top } from './Top';

/** The page can be used before there is anything to tell. */
const Toasts = lazy(() => import('../notices/Toasts'));

const narrow = window.matchMedia('(max-width: 900px)');

export default function Shell() {
  const [open, setOpen] = useState(() => !narrow.matches);
  // It makes room when the window becomes narrow, and comes back with the room.
  useEffect(() => {
    const follow = () => setOpen(!narrow.matches);
    narrow.addEventListener('change', follow);
    return () => narrow.removeEventListener('change', follow);
  }, []);
  return (
    <>
      <Top />
      <AppLayout
        headerSelector="#top"
        navigation={<Side />}
        navigationOpen={open}
        navigationWidth={200}
        onNavigationChange={({ detail }) => setOpen(detail.open)}
        toolsHide
        maxContentWidth={Number.MAX_VALUE}
        content={<Outlet />}
        ariaLabels={{
          navigation: 'Pages',
          navigationToggle: 'Show the pages',
          navigationClose: 'Hide the pages',
        }}
      />
      <Suspense>
        <Toasts />
      </Suspense>
    </>
  );
}
