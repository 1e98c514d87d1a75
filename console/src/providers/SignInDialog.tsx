// One recent sign-in: how far it came, what went wrong, what the provider said, and what was made of it.
import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import ExpandableSection from '@cloudscape-design/components/expandable-section';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useQuery } from '@tanstack/react-query';
import { NotThereDialog } from '../dialog/NotThereDialog';
import { ReadingDialog } from '../dialog/ReadingDialog';
import { When } from '../format';
import { Copy } from '../look/Copy';
import { Status } from '../look/Status';
import { adviceFor } from './advice';
import { OutcomeText } from './OutcomeText';
import { ReadingText } from './ReadingText';
import { type Report, resultOf, signInQuery, STEPS } from './signIns';

export default function SignInDialog({ reference, onClose }: { reference: string; onClose: () => void }) {
  const { data: report, error } = useQuery(signInQuery(reference));
  if (error) return <NotThereDialog title="The sign-in cannot be shown" error={error} onClose={onClose} />;
  if (report === undefined) return null;
  return (
    <ReadingDialog title={`${report.isTest ? 'Test' : 'Sign-in'} ${report.reference}`} size="large" onClose={onClose}>
      <SpaceBetween size="m">
        <div>
          <When at={report.at} otherwise="" /> with {report.idp ?? 'an identity provider that was removed'}
        </div>
        <What report={report} />
        <Steps report={report} />
        {report.claims != null && <ReadingText reading={report.reading} />}
        {report.claims != null && <Claims claims={report.claims} />}
      </SpaceBetween>
    </ReadingDialog>
  );
}

function What({ report }: { report: Report }) {
  const { problem, failure, outcome, isTest, email } = report;
  if (problem != null) {
    const advice = adviceFor(problem);
    return (
      <Alert type="error" header={resultOf(report)}>
        {failure != null && <div className="anywhere">{sentence(failure)}</div>}
        {advice !== undefined && <div>What helps: {advice.helps}</div>}
        <Box color="text-body-secondary" fontSize="body-s">
          Code: {problem}
        </Box>
      </Alert>
    );
  }
  if (!isTest) return <Status type="success">{email ?? 'The person'} signed in.</Status>;
  return <Alert type="success" header="This person would sign in">{outcome != null && <OutcomeText outcome={outcome} />}</Alert>;
}

/** All but the last are done; that one failed, where there is a problem. */
function Steps({ report: { steps, problem } }: { report: Report }) {
  const failed = problem == null ? undefined : steps.length - 1;
  return (
    <div>
      <Box variant="awsui-key-label">Steps</Box>
      <ul className="outcomes" aria-label="Steps">
        {steps.map((step, index) => (
          <li key={index}>
            <Status type={index === failed ? 'error' : 'success'}>{STEPS[step]}</Status>
          </li>
        ))}
      </ul>
    </div>
  );
}

function Claims({ claims }: { claims: object }) {
  const text = JSON.stringify(claims, null, 2);
  return (
    <ExpandableSection headerText="What the provider said" variant="footer" headerActions={<Copy variant="icon" what=" the claims" text={text} button="Copy the claims" />}>
      <pre className="claims">{text}</pre>
    </ExpandableSection>
  );
}

function sentence(text: string): string {
  const begun = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(begun) ? begun : `${begun}.`;
}
