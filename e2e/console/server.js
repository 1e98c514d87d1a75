// A real server in a process of its own, on SQLite or on a fresh PostgreSQL database, and people made by its API.
import { execFileSync, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import pg from 'pg';

export const ADMINISTRATOR = 'admin@example.com';
export const ADMINISTRATORS_PASSWORD = 'harbour-Quince-58-tundra';

const PERSONS_PASSWORD = 'meadow-Lantern-31-orbit';

/** The databases that every test runs on. */
export const DATABASES = ['sqlite', 'postgres'];

function needed(name) {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: run \`cargo xtask test --only console\`, which sets it`);
  return value;
}

/** Starts a server, with further options where a story needs them. */
export async function startServer(database, further = []) {
  const folder = mkdtempSync(join(tmpdir(), 'rolecall-console-'));
  const passwordFile = join(folder, 'first-password');
  writeFileSync(passwordFile, `${ADMINISTRATORS_PASSWORD}\n`);
  chmodSync(passwordFile, 0o600);
  const postgres = database === 'postgres' ? await freshDatabase() : undefined;
  const data = join(folder, 'data');
  const options = ['serve', '--data-dir', data, '--admin-email', ADMINISTRATOR, '--admin-password-file', passwordFile, ...further];
  if (postgres) options.push('--database-url', postgres.url);
  let running = await Process.start(options, folder, '127.0.0.1:0');
  const { url } = running;
  const down = () => running.end();
  /** At the same address, on the same data. */
  const up = async () => {
    running = await Process.start(options, folder, new URL(url).host);
  };
  return {
    url,
    api: await Api.signedIn(url),
    down,
    up,
    /** Writes that many users into the database, as nobody makes them by hand. The server is started anew. */
    async crowd(people) {
      await down();
      await (postgres ? writeToPostgres(postgres.url, people) : writeToSqlite(join(data, 'rolecall.db'), people));
      await up();
    },
    /** Insists that it ends gracefully, and removes its data. */
    async stop() {
      await down();
      await postgres?.drop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** One run of the server. */
class Process {
  static async start(options, folder, listen) {
    // A setting of the person who runs the tests must not become one of the server under test.
    const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('ROLECALL_')));
    const run = new Process();
    run.output = [];
    run.child = spawn(needed('ROLECALL_BIN'), [...options, '--listen', listen], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
    run.ended = once(run.child, 'exit');
    run.url = await new Promise((resolve, reject) => {
      for (const stream of [run.child.stdout, run.child.stderr]) {
        createInterface({ input: stream }).on('line', (line) => {
          run.output.push(line);
          const address = /listening on (http:\/\/127\.0\.0\.1:\d+)/.exec(line)?.[1];
          if (address) resolve(address);
        });
      }
      void run.ended.then(() => reject(new Error(`rolecall ended at its start:\n${run.output.join('\n')}`)));
    });
    return run;
  }

  async end() {
    this.child.kill('SIGTERM');
    const [status] = await this.ended;
    if (status !== 0) throw new Error(`rolecall ended with ${status} instead of 0:\n${this.output.join('\n')}`);
  }
}

let databases = 0;

async function freshDatabase() {
  const server = needed('ROLECALL_TEST_POSTGRES');
  const name = `rolecall_console_${process.pid}_${++databases}`;
  const run = async (statement) => {
    const client = new pg.Client({ connectionString: server });
    await client.connect();
    await client.query(statement).finally(() => client.end());
  };
  await run(`CREATE DATABASE ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => run(`DROP DATABASE ${name} WITH (FORCE)`) };
}

const USER_COLUMNS = 'id, email, enabled, credential, group_names, created_by, created_at, updated_at, last_login';

/** A row of the table of users. Nobody can sign in as them: they have no password. */
function rowOf({ email, groups = [], enabled = true, lastLogin = null }) {
  const at = Date.UTC(2026, 0, 1);
  return [randomUUID(), email, enabled ? 1 : 0, 'external', JSON.stringify(groups), ADMINISTRATOR, at, at, lastLogin];
}

/** How many rules each of them holds, as the server keeps it. */
const COUNT_RULES =
  'INSERT INTO rule_counts (email, rules) SELECT u.email, ' +
  "(SELECT count(*) FROM access_rules r WHERE r.deleted_at IS NULL AND r.subject_type = 'user' AND r.subject = u.email) + " +
  '(SELECT count(*) FROM user_groups g JOIN access_rules r ON r.subject = g.group_name ' +
  "WHERE g.email = u.email AND r.deleted_at IS NULL AND r.subject_type = 'group') " +
  'FROM users u WHERE u.email NOT IN (SELECT email FROM rule_counts)';

async function writeToPostgres(url, people) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const rows = JSON.stringify(people.map(rowOf));
  const text = (index) => `r ->> ${index}`;
  const values = [text(0), text(1), `(${text(2)})::bigint`, text(3), text(4), text(5), `(${text(6)})::bigint`, `(${text(7)})::bigint`, `(${text(8)})::bigint`];
  try {
    await client.query(`INSERT INTO users (${USER_COLUMNS}) SELECT ${values} FROM json_array_elements($1::json) r`, [rows]);
    await client.query('INSERT INTO user_groups (group_name, email) SELECT g.value, email FROM users, json_array_elements_text(group_names::json) g ON CONFLICT DO NOTHING');
    await client.query(COUNT_RULES);
  } finally {
    await client.end();
  }
}

/** By Python, since Node has SQLite from its 22nd version on only. */
function writeToSqlite(file, people) {
  const program = `import json, sqlite3, sys
with sqlite3.connect(sys.argv[1]) as database:
    database.executemany("INSERT INTO users (${USER_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", json.load(sys.stdin))
    database.execute("INSERT OR IGNORE INTO user_groups (group_name, email) SELECT g.value, email FROM users, json_each(group_names) g")
    database.execute("${COUNT_RULES}")`;
  execFileSync('python3', ['-c', program, file], { input: JSON.stringify(people.map(rowOf)) });
}

/** The public API, as a script of the first administrator uses it. */
class Api {
  static async signedIn(url) {
    const api = new Api();
    api.url = url;
    const who = { grantType: 'password', clientID: 'cli', username: ADMINISTRATOR, password: ADMINISTRATORS_PASSWORD };
    api.token = (await api.post('/api/v1/token', who)).accessToken;
    return api;
  }

  post(path, body) {
    return this.sendBody('POST', path, body);
  }

  put(path, body) {
    return this.sendBody('PUT', path, body);
  }

  async sendBody(method, path, body) {
    const headers = { 'content-type': 'application/json', ...(this.token ? { authorization: `Bearer ${this.token}` } : {}) };
    const answer = await fetch(this.url + path, { method, headers, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    const text = await answer.text();
    return text === '' ? undefined : JSON.parse(text);
  }

  /** Asks for something to be done that has no body to send and none to read. */
  async send(path) {
    const answer = await fetch(this.url + path, { method: 'POST', headers: { authorization: `Bearer ${this.token}` } });
    if (!answer.ok) throw new Error(`POST ${path}: ${answer.status} ${await answer.text()}`);
  }

  async remove(path) {
    const answer = await fetch(this.url + path, { method: 'DELETE', headers: { authorization: `Bearer ${this.token}` } });
    if (!answer.ok) throw new Error(`DELETE ${path}: ${answer.status} ${await answer.text()}`);
  }

  async get(path) {
    const answer = await fetch(this.url + path, { headers: { authorization: `Bearer ${this.token}` } });
    if (!answer.ok) throw new Error(`GET ${path}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  }

  /** Makes a local user; their email and temporary password. */
  async user(email) {
    const { id, username, tempPassword } = await this.post('/api/v1/users', { email });
    return { id, email: username, password: tempPassword };
  }

  /** Makes a local user who has chosen their password. */
  async person(email) {
    const { password: temporary, ...user } = await this.user(email);
    const own = new Api();
    own.url = this.url;
    own.token = (await own.post('/api/v1/token', { grantType: 'password', clientID: 'cli', username: email, password: temporary })).accessToken;
    await own.post('/api/v1/me/password', { currentPassword: temporary, newPassword: PERSONS_PASSWORD });
    return { ...user, password: PERSONS_PASSWORD };
  }

  /** Makes the cluster berlin with the departments research and sales, and the project vision in research. */
  async organisation() {
    const { uuid: clusterId, tenantId } = await this.post('/api/v1/clusters', { name: 'berlin' });
    const research = await this.post('/api/v1/org-unit/departments', { name: 'research', clusterId });
    const sales = await this.post('/api/v1/org-unit/departments', { name: 'sales', clusterId });
    const vision = await this.post('/api/v1/org-unit/projects', { name: 'vision', clusterId, parentId: research.id });
    return {
      account: { scopeType: 'tenant', scopeId: String(tenantId) },
      cluster: { scopeType: 'cluster', scopeId: clusterId },
      research: { scopeType: 'department', scopeId: research.id },
      sales: { scopeType: 'department', scopeId: sales.id },
      vision: { scopeType: 'project', scopeId: vision.id },
    };
  }

  /** Makes a rule: the subject has a role in a scope. */
  async rule(subjectId, roleName, scope, subjectType = 'user') {
    const { id: roleId } = (await this.get('/api/v1/authorization/roles')).find(({ name }) => name === roleName);
    return this.post('/api/v1/authorization/access-rules', { subjectId, subjectType, roleId, ...scope });
  }

  /** The rules about a subject as people say them, in their order. */
  async rulesOf(subjectId) {
    const { accessRules } = await this.get(`/api/v1/authorization/access-rules?subjectIds=${encodeURIComponent(subjectId)}`);
    return accessRules.map(({ roleName, scopeName }) => `${roleName} in ${scopeName}`).sort();
  }
}
