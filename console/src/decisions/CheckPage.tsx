// Access, Check access: may somebody do something somewhere, and why; who may; and what all somebody may do. The question lies in
// the address.
import ContentLayout from '@cloudscape-design/components/content-layout';
import Header from '@cloudscape-design/components/header';
import Tabs from '@cloudscape-design/components/tabs';
import { useMay } from '../permissions/permissions';
import { Can } from './Can';
import { TABS, useQuestion } from './question';
import { WhatCan } from './WhatCan';
import { WhoCan } from './WhoCan';

export default function CheckPage() {
  const [{ tab = 'can' }, change] = useQuestion();
  // Everybody may ask about himself; about others, whoever may read access rules somewhere.
  const mayAskWho = useMay()(['access_rules', 'read']);
  return (
    <ContentLayout header={<Header variant="h1" description="May somebody do something somewhere, and why? The address holds the question, so that it can be sent.">Check access</Header>}>
      <Tabs
        ariaLabel="Questions"
        activeTabId={tab}
        onChange={({ detail }) => {
          const tab = TABS.find((tab) => tab === detail.activeTabId);
          change({ tab: tab === 'can' ? undefined : tab, page: undefined, search: undefined, dialog: undefined });
        }}
        tabs={[
          { id: 'can', label: 'Can … do …?', content: tab === 'can' && <Can /> },
          ...(mayAskWho ? [{ id: 'who', label: 'Who can …?', content: tab === 'who' && <WhoCan /> }] : []),
          { id: 'what', label: 'What can … do?', content: tab === 'what' && <WhatCan /> },
        ]}
      />
    </ContentLayout>
  );
}
