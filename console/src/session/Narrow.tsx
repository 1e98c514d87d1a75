// The frame of pages for people who are not quite in yet.
import Box from '@cloudscape-design/components/box';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { ReactNode } from 'react';

export function Narrow({ title, description, children }: { title: string; description?: string; children: ReactNode }) {
  return (
    <main className="narrow">
      <SpaceBetween size="l">
        <SpaceBetween size="s" direction="horizontal" alignItems="center">
          <img className="mark" src="/rolecall.svg" alt="" />
          <Box fontSize="heading-l" fontWeight="bold">
            Rolecall
          </Box>
        </SpaceBetween>
        <Container
          header={
            <Header variant="h1" {...(description === undefined ? {} : { description })}>
              {title}
            </Header>
          }
        >
          {children}
        </Container>
      </SpaceBetween>
    </main>
  );
}
