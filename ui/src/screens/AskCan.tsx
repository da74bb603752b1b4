import { Action } from "../parts/Action";
import { CanField, useCan } from "../parts/CanField";
import { CardFront } from "../parts/CardFace";
import { useHotkeys } from "../parts/hotkeys";
import { Icon } from "../parts/Icon";
import { Page } from "../parts/Page";
import { m } from "../paraglide/messages";
import { useCall } from "../state/workstation";

import "./AskCan.css";

interface AskCanProps {
  digits: number;
  wrong: boolean;
}

/** No visit yet, and a health card lies on the contactless reader: the number on its front opens it. */
export function AskCan({ digits, wrong }: AskCanProps) {
  const call = useCall();
  const can = useCan({ digits, wrong });
  const cancel = () => void call("cancel_reading");
  useHotkeys({ Enter: can.send, Escape: cancel });
  return (
    <Page key="can" title={m.can_title()} lead={m.can_lead()} picture={<CardFront />}>
      <div>
        <p className="start__ready">
          <Icon name="ring" /> {m.can_found()}
        </p>
      </div>
      <CanField can={can} />
      <div className="ask-can__actions">
        <Action
          look="primary"
          label={m.action_read_card()}
          onPress={can.send}
          hint={m.key_enter()}
          shortcut="Enter"
        />
        <Action
          look="secondary"
          label={m.action_cancel_reading()}
          onPress={cancel}
          hint={m.key_escape()}
          shortcut="Escape"
        />
      </div>
      <p className="ask-can__instead">{m.can_insert()}</p>
    </Page>
  );
}
