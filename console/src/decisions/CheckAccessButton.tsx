// The way from something to the questions about it.
import { PageButton } from '../shell/PageButton';
import { hrefOf, type Question } from './question';

export function CheckAccessButton({ question }: { question: Question }) {
  return <PageButton href={hrefOf(question)}>Check access</PageButton>;
}
