// All pages of the console, each with its address. A page that stands in the side navigation says under which heading,
// and what a person needs to be offered it. See README.md: how to add a page.
import { createRootRoute, createRoute, lazyRouteComponent, redirect } from '@tanstack/react-router';
import { parseQuestion } from './decisions/question';
import { parseAddress } from './list/address';
import { accountQuery } from './organisation/organisation';
import { allows, type Need, permissionsQuery } from './permissions/permissions';
import { queryClient } from './api/queries';
import type { OwnEnd } from './session/ownEnd';
import { codeIn, referenceIn } from './session/code';
import { leadingOf, providersQuery, signInAddress } from './session/providers';
import { mayGoRound, noteRound } from './session/rounds';
import { sessionQuery } from './session/session';
import { Failure } from './api/failure';

declare module '@tanstack/react-router' {
  interface StaticDataRouteOption {
    /** How the page is called, in the navigation and in the title of the browser's tab. */
    title?: string;
    /** The heading that it stands under in the navigation. */
    section?: Section;
    /** Who may not do this is not offered the page; `any` is whatever an access rule permits. */
    needs?: Need | 'any';
  }
}

/** The headings of the navigation, in their order. */
export const SECTIONS = ['Access', 'Organization', 'Admin', 'Me'] as const;
export type Section = (typeof SECTIONS)[number];

export const root = createRootRoute({ component: lazyRouteComponent(() => import('./shell/Root'), 'Root'), notFoundComponent: lazyRouteComponent(() => import('./shell/NotFound')) });

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  staticData: { title: 'Sign in' },
  // A parameter that is left out here would keep what the address says.
  validateSearch: (raw): { to?: string; ended?: Ended; problem?: string | undefined; reference?: string | undefined; signedOut?: SignedOut | undefined; local?: true | undefined } => ({
    ...placeIn(raw),
    ...endedIn(raw),
    problem: codeIn(raw['problem']),
    reference: referenceIn(raw['reference']),
    signedOut: SIGNED_OUT.find((where) => where === raw['signedOut']),
    local: raw['local'] === undefined ? undefined : true,
  }),
  loaderDeps: ({ search }) => search,
  // Before the page is shown, so that nothing moves under the pointer. Without an answer there is still the password.
  loader: async ({ deps }) => {
    const providers = await queryClient.query({ ...providersQuery, staleTime: 0 }).catch(() => undefined);
    const leading = leadingOf(providers);
    // Only who comes here for the first time: `local` goes around it, and the page has to tell the others something.
    const { to, ...told } = deps;
    if (leading === undefined || Object.values(told).some((it) => it !== undefined) || !mayGoRound()) return;
    noteRound();
    window.location.replace(signInAddress(leading, to));
    await new Promise(() => undefined);
  },
  component: lazyRouteComponent(() => import('./session/SignInPage')),
});

const newPassword = createRoute({
  getParentRoute: () => root,
  path: '/new-password',
  staticData: { title: 'Choose your password' },
  validateSearch: placeIn,
  beforeLoad: async ({ search }) => {
    const { mustChangePassword } = await requireSession(search.to ?? '/');
    // The page speaks of a temporary password. A user with a lasting one changes it on the page of Me.
    if (!mustChangePassword) throw redirect({ to: '/me/password' });
  },
  component: lazyRouteComponent(() => import('./session/NewPasswordPage')),
});

const shell = createRoute({
  getParentRoute: () => root,
  id: 'shell',
  beforeLoad: async ({ location }) => {
    const { mustChangePassword } = await requireSession(location.href);
    if (mustChangePassword) throw redirect({ to: '/new-password', search: { to: location.href } });
    // Whether there may be more than the reader sees is known by when the page says that there is none. A failure is told where it matters.
    queryClient.query({ ...accountQuery, staleTime: 'static' }).catch(() => undefined);
    await queryClient.query({ ...permissionsQuery(), staleTime: 'static' });
  },
  component: lazyRouteComponent(() => import('./shell/Shell')),
});

const home = createRoute({
  getParentRoute: () => shell,
  path: '/',
  beforeLoad: async () => {
    const permissions = await queryClient.query({ ...permissionsQuery(), staleTime: 'static' });
    const first = pages.find(({ options: { staticData } }) => staticData?.needs !== undefined && staticData.needs !== 'any' && allows(permissions, staticData.needs));
    if (first !== undefined) throw redirect({ to: first.to });
  },
  component: lazyRouteComponent(() => import('./shell/NoAccess')),
});

const users = createRoute({
  getParentRoute: () => shell,
  path: '/access/users',
  staticData: { title: 'Users', section: 'Access', needs: ['users', 'read'] },
  validateSearch: parseAddress,
  component: lazyRouteComponent(() => import('./users/UsersPage')),
});

const rules = createRoute({
  getParentRoute: () => shell,
  path: '/access/rules',
  staticData: { title: 'Access rules', section: 'Access', needs: ['access_rules', 'read'] },
  validateSearch: parseAddress,
  component: lazyRouteComponent(() => import('./rules/RulesPage')),
});

const roles = createRoute({
  getParentRoute: () => shell,
  path: '/access/roles',
  staticData: { title: 'Roles', section: 'Access', needs: ['roles', 'read'] },
  validateSearch: parseAddress,
  component: lazyRouteComponent(() => import('./roles/RolesPage')),
});

const role = createRoute({
  getParentRoute: () => shell,
  path: '/access/roles/$roleId',
  staticData: { title: 'Role' },
  validateSearch: parseAddress,
  component: lazyRouteComponent(() => import('./roles/RolePage')),
});

/** A new role, a copy of one, or one that is changed: `custom/new`, `10001/copy`, `10001/edit`. */
const roleForm = createRoute({
  getParentRoute: () => shell,
  path: '/access/roles/$roleId/$what',
  staticData: { title: 'Role' },
  component: lazyRouteComponent(() => import('./roles/RoleFormPage')),
});

const check = createRoute({
  getParentRoute: () => shell,
  path: '/access/check',
  // Who has no access rule sees no scope to ask about.
  staticData: { title: 'Check access', section: 'Access', needs: 'any' },
  validateSearch: parseQuestion,
  component: lazyRouteComponent(() => import('./decisions/CheckPage')),
});

const organisation = createRoute({
  getParentRoute: () => shell,
  path: '/organisation/scopes',
  staticData: { title: 'Scopes', section: 'Organization', needs: ['project', 'read'] },
  validateSearch: parseAddress,
  component: lazyRouteComponent(() => import('./organisation/OrganisationPage')),
});

const providers = createRoute({
  getParentRoute: () => shell,
  path: '/admin/identity-providers',
  staticData: { title: 'Identity providers', section: 'Admin', needs: ['security-settings', 'read'] },
  validateSearch: parseAddress,
  component: lazyRouteComponent(() => import('./providers/ProvidersPage')),
});

const signIns = createRoute({
  getParentRoute: () => shell,
  path: '/admin/identity-providers/sign-ins',
  staticData: { title: 'Recent sign-ins' },
  validateSearch: parseAddress,
  component: lazyRouteComponent(() => import('./providers/SignInsPage')),
});

const myAccess = createRoute({
  getParentRoute: () => shell,
  path: '/me/access',
  staticData: { title: 'My access', section: 'Me' },
  validateSearch: parseAddress,
  component: lazyRouteComponent(() => import('./me/MyAccessPage')),
});

const password = createRoute({
  getParentRoute: () => shell,
  path: '/me/password',
  staticData: { title: 'Password', section: 'Me' },
  component: lazyRouteComponent(() => import('./me/PasswordPage')),
});

/** What stands in the navigation, in its order. */
export const pages = [users, rules, roles, check, organisation, providers, myAccess, password] as const;

export const routeTree = root.addChildren([signIn, newPassword, shell.addChildren([home, role, roleForm, signIns, ...pages])]);

function placeIn(raw: Record<string, unknown>): { to?: string } {
  return typeof raw['to'] === 'string' ? { to: raw['to'] } : {};
}

/** That a session ended, and why where the person is the reason. */
type Ended = true | 'wrong-passwords' | OwnEnd;

function endedIn(raw: Record<string, unknown>): { ended?: Ended } {
  const why = (['wrong-passwords', 'deleted', 'disabled'] as const).find((why) => why === raw['ended']);
  if (why !== undefined) return { ended: why };
  return raw['ended'] === 'true' || raw['ended'] === true ? { ended: true } : {};
}

/** Where a person who left is signed out: at their identity provider as well, or here and perhaps not there. */
const SIGNED_OUT = ['provider', 'here', 'done'] as const;
type SignedOut = (typeof SIGNED_OUT)[number];

/** Who is not signed in does that first and comes back. */
async function requireSession(place: string) {
  try {
    return await queryClient.query({ ...sessionQuery, staleTime: 'static' });
  } catch (error) {
    if (error instanceof Failure && error.endsSession) throw redirect({ to: '/sign-in', search: place === '/' ? {} : { to: place } });
    throw error;
  }
}
