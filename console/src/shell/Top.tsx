// The bar at the top: the account, the appearance, and the person who is signed in.
import type { ButtonDropdownProps } from '@cloudscape-design/components/button-dropdown';
import TopNavigation from '@cloudscape-design/components/top-navigation';
import { useNavigate, useRouter } from '@tanstack/react-router';
import { type Look, type ModeChoice, useLook } from '../look/look';
import { notify } from '../notices/notices';
import { asFailure } from '../api/failure';
import { forgetPerson } from '../api/queries';
import { useMay } from '../permissions/permissions';
import { legible, readable } from '../readable';
import { signOut, useSession } from '../session/session';

const MODES: readonly [ModeChoice, string][] = [
  ['system', 'System'],
  ['light', 'Light'],
  ['dark', 'Dark'],
];

const ORGANISATION = '/organisation/scopes';

export function Top() {
  const session = useSession();
  const [look, setLook] = useLook();
  const navigate = useNavigate();
  const router = useRouter();
  const mayOpen = useMay()(['project', 'read']);
  const username = session?.username ?? '';
  const account = session?.accountName ?? undefined;

  const leave = async () => {
    try {
      const address = await signOut();
      await navigate({ to: '/sign-in', search: { signedOut: 'done' } });
      // Not before: what is still shown would ask for it again.
      forgetPerson();
      // Last, so that one who comes back by the browser's button finds nothing of theirs.
      if (address !== undefined) location.assign(address);
    } catch (error) {
      notify({ type: 'error', header: 'You are still signed in', content: asFailure(error).message });
    }
  };
  return (
    <header id="top">
      <TopNavigation
        identity={{
          title: 'Rolecall',
          href: '/',
          logo: { src: '/rolecall.svg', alt: '' },
          onFollow: (event) => {
            event.preventDefault();
            router.history.push('/');
          },
        }}
        // Lists have a menu More of their own.
        i18nStrings={{ overflowMenuTriggerText: 'Menu', overflowMenuTitleText: 'Menu' }}
        utilities={[
          ...(account === undefined || !mayOpen
            ? []
            : [
                {
                  type: 'button' as const,
                  text: shortened(account),
                  title: account,
                  href: ORGANISATION,
                  onFollow: (event: CustomEvent) => {
                    event.preventDefault();
                    router.history.push(ORGANISATION);
                  },
                },
              ]),
          {
            type: 'menu-dropdown',
            iconName: 'settings',
            ariaLabel: 'Appearance',
            title: 'Appearance',
            items: lookItems(look),
            onItemClick: ({ detail: { id } }) => {
              const mode = MODES.find(([mode]) => mode === id)?.[0];
              setLook(mode === undefined ? { density: look.density === 'compact' ? 'comfortable' : 'compact' } : { mode });
            },
          },
          {
            type: 'menu-dropdown',
            iconName: 'user-profile',
            text: readable(username) ?? username,
            description: `${legible(username)}${account === undefined ? '' : ` in ${account}`}`,
            ariaLabel: `Account of ${legible(username)}`,
            items: [
              { id: 'password', text: 'Change password' },
              { id: 'out', text: 'Sign out' },
            ],
            onItemClick: ({ detail: { id } }) => void (id === 'out' ? leave() : navigate({ to: '/me/password' })),
          },
        ]}
      />
    </header>
  );
}

/** Names may be long, and the bar has one line. */
function shortened(name: string): string {
  return name.length > 30 ? `${name.slice(0, 29).trimEnd()}…` : name;
}

function lookItems(look: Look): ButtonDropdownProps.ItemOrGroup[] {
  return [
    { text: 'Colors', items: MODES.map(([id, text]) => ({ id, text, itemType: 'checkbox' as const, checked: look.mode === id })) },
    { text: 'Density', items: [{ id: 'compact', text: 'Compact', itemType: 'checkbox', checked: look.density === 'compact' }] },
  ];
}
