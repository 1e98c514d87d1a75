// Until the server answers GET /api/v1/authorization/permissions, which is being built, its answer is given here: the
// first administrator may do everything with users, and nobody else anything. To be removed with that endpoint.
import { ADMINISTRATOR } from './server.js';

export async function answerPermissions(context) {
  await context.route('**/api/v1/authorization/permissions*', async (route) => {
    const session = await context.request.get('/api/v1/session');
    if (!session.ok()) return route.fulfill({ response: session });
    const { username } = await session.json();
    const actions = ['create', 'read', 'update', 'delete'];
    return route.fulfill({ json: username === ADMINISTRATOR ? [{ resourceType: 'users', actions }] : [] });
  });
}
