// pysaml2 with xmlsec1 as a SAML provider, in a process of its own.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** Starts a provider for the server at that address. `people` are by name: a NameID and attributes. */
export async function startSamlProvider(rolecall, people) {
  const python = process.env.ROLECALL_TEST_PYTHON;
  if (!python) throw new Error('ROLECALL_TEST_PYTHON is not set: run `cargo xtask test --only console`, which sets it');
  const script = join(import.meta.dirname, 'saml_provider.py');
  const env = { ...process.env, PYTHONDONTWRITEBYTECODE: '1', PYTHONWARNINGS: 'ignore' };
  const child = spawn(python, [script], { env, stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const said = async () => {
    const { value, done } = await lines.next();
    if (done) throw new Error('the SAML provider ended; its words are above');
    return value;
  };
  const tell = async (change) => {
    child.stdin.write(`${JSON.stringify(change)}\n`);
    return said();
  };
  const address = await tell({ people, consumer: `${rolecall}/sso/saml/metadata` });
  return {
    address,
    /** Changes how it answers from now on; its script says how. */
    async change(how) {
      await tell(how);
    },
    async stop() {
      child.stdin.end();
      await ended;
    },
    /** What an administrator registers here. */
    settings: {
      type: 'saml',
      samlData: { metadataXmlType: 'url', metadataXmlUrl: `${address}/metadata`, metadataXmlFile: '', fileName: '', entityId: '' },
      // As its standard profile calls them.
      mappers: { email: 'urn:mace:dir:attribute-def:email', groups: 'groups' },
      emailDomains: ['example.org'],
      emailsVouchedFor: true,
    },
  };
}
