// Until the server answers GET /api/v1/authorization/permissions, which is being built, its answer is given here: the
// first administrator may do everything with users, and nobody else anything. To be removed with that endpoint.
import { ADMINISTRATOR } from './server.js';

export async function answerPermissions(context) {
  await context.route('**/api/v1/authorization/permissions*', async (route) => {
    const session = await context.request.get('/api/v1/session');
    const body = await session.text();
    if (!session.ok()) return route.fulfill({ status: session.status(), contentType: 'application/json', body });
    const { username } = JSON.parse(body);
    const actions = ['create', 'read', 'update', 'delete'];
    return route.fulfill({ json: username === ADMINISTRATOR ? [{ resourceType: 'users', actions }] : [] });
  });
}
