import type { WipedScreen } from "../backend/bindings";
import { Notice } from "../parts/Notice";
import { Page } from "../parts/Page";
import { Path } from "../parts/Path";
import { RecordsPicture } from "../parts/RecordsPicture";
import { m } from "../paraglide/messages";
import { wipeCauses } from "../texts/recovery";

import "./Wiped.css";

/** The insurer has taken this desk out of service; nothing can be done here any more. */
export function Wiped({ step: { cause, sealedRecords } }: { step: WipedScreen }) {
  return (
    <Page title={m.wiped_title()} lead={wipeCauses[cause]()} picture={<RecordsPicture state="gone" />}>
      <Notice tone="info" title={m.wiped_gone()}>
        {m.wiped_gone_text()}
      </Notice>
      <section className="wiped" data-cause={cause}>
        <h2>{m.recovery_next()}</h2>
        {sealedRecords === null ? (
          <p>
            {m.wiped_nothing_left()} {m.wiped_next()}
          </p>
        ) : (
          <>
            <p>
              {m.wiped_sealed()} {m.wiped_next_with()}
            </p>
            <p>
              <Path>{sealedRecords}</Path>
            </p>
          </>
        )}
      </section>
    </Page>
  );
}
