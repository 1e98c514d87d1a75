// The frame around all pages for people who are signed in.
import AppLayout from '@cloudscape-design/components/app-layout';
import Flashbar from '@cloudscape-design/components/flashbar';
import { Outlet } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { useNotices } from '../notices/notices';
import { Side } from './Side';
import { Top } from './Top';

const narrow = window.matchMedia('(max-width: 900px)');

export default function Shell() {
  const notices = useNotices();
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
        notifications={<Flashbar items={notices} stackItems />}
        stickyNotifications
        content={<Outlet />}
        ariaLabels={{
          navigation: 'Pages',
          navigationToggle: 'Show the pages',
          navigationClose: 'Hide the pages',
          notifications: 'Notices',
        }}
      />
    </>
  );
}
