// Who gains and who loses what, before it is done. It decides nothing: the server refuses what it refuses all the same.
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import LiveRegion from '@cloudscape-design/components/live-region';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { asFailure } from '../api/failure';
import { formatNumber } from '../format';
import { levelOf, LEVELS } from '../look/Chip';
import { SubjectName } from '../look/SubjectName';
import { type Act, impactQuery, type ImpactLine, linesOf, shortened, summary } from './impact';
import '../look/chip.css';
import './impact.css';

export default function ImpactPreview({ acts }: { acts: readonly Act[] }) {
  const { data, error, isFetching, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery(impactQuery(acts));
  const [first] = data?.pages ?? [];
  const lines = linesOf(data?.pages.flatMap(({ subjects }) => subjects) ?? []);
  return (
    <section className="impact" aria-label="Who gains and who loses permissions">
      <SpaceBetween size="xs">
        <Box variant="h4">Who gains and who loses permissions</Box>
        <LiveRegion>
          {error ? (
            <StatusIndicator type="warning">{asFailure(error).message}</StatusIndicator>
          ) : first === undefined ? (
            <StatusIndicator type="loading">Comparing</StatusIndicator>
          ) : (
            summary(first)
          )}
        </LiveRegion>
        {!error && lines.length > 0 && (
          <ul className="impact-lines" aria-busy={isFetching}>
            {lines.map((line) => (
              <Line key={line.id} line={line} />
            ))}
          </ul>
        )}
        {!error && hasNextPage && (
          <Button formAction="none" variant="inline-link" loading={isFetchingNextPage} loadingText="Loading more subjects" onClick={() => void fetchNextPage()}>
            Show more
          </Button>
        )}
      </SpaceBetween>
    </section>
  );
}

function Line({ line: { subject, isFirst, scope, gained, lost, isUnchanged, further } }: { line: ImpactLine }) {
  const level = levelOf(scope.type);
  const { glyph, word } = LEVELS[level];
  return (
    <li>
      <div className="impact-who">{isFirst && <SubjectName name={subject} wrap />}</div>
      <div className="impact-what">
        <span className={`chip chip-${level}`} title={scope.path}>
          <span aria-hidden="true">{glyph}</span>
          <span className="chip-text">{scope.name}</span>
          <span className="unseen">({word})</span>
        </span>
        <Changes kind="gained" lines={gained} />
        <Changes kind="lost" lines={lost} />
        {isUnchanged && <Box color="text-body-secondary">Nothing changes here: another access rule permits the same.</Box>}
        {further > 0 && <Box color="text-body-secondary">And {formatNumber(further)} more scopes.</Box>}
      </div>
    </li>
  );
}

const KINDS = {
  gained: { sign: '+', word: 'Gains' },
  lost: { sign: '−', word: 'Loses' },
} as const;

function Changes({ kind, lines }: { kind: keyof typeof KINDS; lines: readonly string[] }) {
  const [isOpen, setOpen] = useState(false);
  if (lines.length === 0) return null;
  const shown = isOpen ? lines : lines.map(shortened);
  const isShortened = lines.some((line) => shortened(line) !== line);
  const { sign, word } = KINDS[kind];
  return (
    <div className={`impact-${kind}`}>
      {shown.map((line) => (
        <div key={line} className="impact-change">
          <span aria-hidden="true">{sign}</span>
          <span>
            <span className="unseen">{word}: </span>
            {line}
          </span>
        </div>
      ))}
      {isShortened && !isOpen && (
        <Button formAction="none" variant="inline-link" onClick={() => setOpen(true)}>
          Show all
        </Button>
      )}
    </div>
  );
}
