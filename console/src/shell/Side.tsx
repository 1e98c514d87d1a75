// The navigation at the side: the pages that this person may use.
import SideNavigation, { type SideNavigationProps } from '@cloudscape-design/components/side-navigation';
import { useLocation, useRouter } from '@tanstack/react-router';
import { type Need, useHasAccess, useMay } from '../permissions/permissions';
import { pages, SECTIONS } from '../routes';

export function Side() {
  const may = useMay();
  const hasAccess = useHasAccess() === true;
  const has = (needs: Need | 'any') => (needs === 'any' ? hasAccess : may(needs));
  const router = useRouter();
  const { pathname } = useLocation();
  const items = SECTIONS.flatMap((section): SideNavigationProps.Item[] => {
    const links = pages.flatMap(({ to, options: { staticData } }): SideNavigationProps.Link[] => {
      const offered = staticData?.section === section && (staticData.needs === undefined || has(staticData.needs));
      return offered ? [{ type: 'link', text: staticData.title ?? to, href: to }] : [];
    });
    return links.length === 0 ? [] : [{ type: 'section-group', title: section, items: links }];
  });
  return (
    <SideNavigation
      activeHref={pages.find(({ to }) => pathname.startsWith(`${to}/`))?.to ?? pathname}
      items={items}
      onFollow={(event) => {
        if (event.detail.external === true) return;
        event.preventDefault();
        router.history.push(event.detail.href);
      }}
    />
  );
}
