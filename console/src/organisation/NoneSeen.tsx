// That there is none of something, as far as the reader sees.
import { useUnseen } from './unseen';

export function NoneSeen({ of }: { of: string }) {
  return <span className="dim">None{useUnseen(of)}</span>;
}
