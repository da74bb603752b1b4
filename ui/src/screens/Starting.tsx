import { CardPicture } from "../parts/CardPicture";
import { Page } from "../parts/Page";
import { m } from "../paraglide/messages";

/** The program starts: store, keyring, journal. */
export function Starting() {
  return <Page title={m.starting_title()} lead={m.starting_lead()} picture={<CardPicture state="off" />} />;
}
