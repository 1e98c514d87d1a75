// The preview, loaded when it is first shown. Its place is kept meanwhile, so that nothing jumps.
import { lazy, Suspense, useEffect, useState } from 'react';
import { type Act, MOST_ACTS } from './impact';

const ImpactPreview = lazy(() => import('./ImpactPreview'));

/** A pause in typing or choosing: as long as another change may follow at once. */
const PAUSE_MS = 300;

/** Nothing without acts, and for more than the server compares at once. */
export function Impact({ acts }: { acts: readonly Act[] }) {
  const settled = useSettled(acts);
  if (settled.length === 0 || settled.length > MOST_ACTS) return null;
  return (
    <div className="impact-place">
      <Suspense fallback={null}>
        <ImpactPreview acts={settled} />
      </Suspense>
    </div>
  );
}

/** The acts once they have not changed for a moment. */
function useSettled(acts: readonly Act[]): readonly Act[] {
  const now = JSON.stringify(acts);
  const [settled, setSettled] = useState(now);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(now), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [now]);
  return JSON.parse(settled) as Act[];
}
