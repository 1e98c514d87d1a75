// Access, Check access: whether someone can do something, and why; who can; and all that someone can do. The question is in the
// address.
import ContentLayout from '@cloudscape-design/components/content-layout';
import Header from '@cloudscape-design/components/header';
import Tabs from '@cloudscape-design/components/tabs';
import { useHasAccess, useMay } from '../permissions/permissions';
import NoAccess from '../shell/NoAccess';
import { Can } from './Can';
import { MayNotAsk } from './MayNotAsk';
import { TABS, useQuestion } from './question';
import { WhatCan } from './WhatCan';
import { WhoCan } from './WhoCan';

export default function CheckPage() {
  const [{ tab = 'can' }, change] = useQuestion();
  // Everybody may ask about themselves; about others, only those who may read access rules.
  const mayAskWho = useMay()(['access_rules', 'read']);
  // Without any access rule one sees no scope to ask about, not even for oneself.
  const hasAccess = useHasAccess();
  if (hasAccess === false) return <NoAccess />;
  return (
    <ContentLayout header={<Header variant="h1" description="Check what someone can do, and why. To share the question, copy the address of this page.">Check access</Header>}>
      <Tabs
        ariaLabel="Questions"
        activeTabId={tab}
        onChange={({ detail }) => {
          const tab = TABS.find((tab) => tab === detail.activeTabId);
          change({ tab: tab === 'can' ? undefined : tab, page: undefined, search: undefined, dialog: undefined });
        }}
        tabs={[
          { id: 'can', label: 'Check', content: tab === 'can' && <Can /> },
          // A link that was sent leads to it all the same, and says why there is nothing.
          ...(mayAskWho || tab === 'who' ? [{ id: 'who', label: 'Who can', content: tab === 'who' && (mayAskWho ? <WhoCan /> : <MayNotAsk what="who can do this" />) }] : []),
          { id: 'what', label: 'What can they do', content: tab === 'what' && <WhatCan /> },
        ]}
      />
    </ContentLayout>
  );
}
