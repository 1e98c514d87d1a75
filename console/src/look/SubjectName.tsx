// The name of a subject in a cell: as the server keeps it, and an email below as people read it where that differs.
import Box from '@cloudscape-design/components/box';
import { LongText } from './LongText';
import { legible, readable } from '../readable';

export function SubjectName({ name, wrap = false }: { name: string; wrap?: boolean }) {
  return (
    <>
      {wrap ? <LongText>{name}</LongText> : <span title={legible(name)}><LongText>{name}</LongText></span>}
      <AsRead email={name} />
    </>
  );
}

/** Nothing where the email has one form only. */
export function AsRead({ email }: { email: string }) {
  const shown = readable(email);
  return (
    shown !== undefined && (
      <Box variant="small" display="block" color="text-body-secondary">
        {shown}
      </Box>
    )
  );
}
