import { CardPicture } from "../parts/CardPicture";
import { Page } from "../parts/Page";
import { m } from "../paraglide/messages";

/** The desk can't work; the notice says why and what to do. */
export function Blocked() {
  return <Page title={m.blocked_title()} lead={m.blocked_lead()} picture={<CardPicture state="broken" />} />;
}
