// The frame around all pages for people who are signed in.
import AppLayout from '@cloudscape-design/components/app-layout';
import Flashbar from '@cloudscape-design/components/flashbar';
import { Outlet } from '@tanstack/react-router';
import { useState } from 'react';
import { useNotices } from '../notices/notices';
import { Side } from './Side';
import { Top } from './Top';

export default function Shell() {
  const notices = useNotices();
  const [open, setOpen] = useState(() => window.innerWidth > 900);
  return (
    <>
      <Top />
      <AppLayout
        headerSelector="#top"
        navigation={<Side />}
        navigationOpen={open}
        navigationWidth={220}
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
