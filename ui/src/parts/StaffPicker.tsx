import { ListBox, ListBoxItem, type Selection } from "react-aria-components";

import type { Operator } from "../backend/bindings";
import { roles } from "../texts/visit";
import { Icon } from "./Icon";
import { Initials } from "./Initials";

import "./StaffPicker.css";

interface StaffPickerProps {
  label: string;
  members: Operator[];
  /** Id of the chosen one. */
  chosen: string | null;
  onChoose: (id: string) => void;
  /** Somebody was pressed or entered: the choice is made. */
  onDone: () => void;
  autoFocus?: boolean;
}

/** Who is it? Arrow keys and the first letters of a name go there, Enter chooses: the focus alone chooses nobody. */
export function StaffPicker({
  label,
  members,
  chosen,
  onChoose,
  onDone,
  autoFocus = false,
}: StaffPickerProps) {
  function onSelectionChange(selection: Selection) {
    const [id] = selection === "all" ? [] : selection;
    if (id !== undefined) onChoose(String(id));
  }

  return (
    <ListBox
      className="staff"
      aria-label={label}
      items={members}
      selectionMode="single"
      disallowEmptySelection
      selectedKeys={chosen === null ? [] : [chosen]}
      onSelectionChange={onSelectionChange}
      autoFocus={autoFocus}
    >
      {(member) => (
        <ListBoxItem id={member.id} textValue={member.name} className="staff__member" onPress={onDone}>
          {({ isSelected }) => (
            <>
              <Initials>{member.initials}</Initials>
              <span className="staff__name">{member.name}</span>
              <span className="staff__role">{roles[member.role]()}</span>
              <span className="staff__mark">{isSelected && <Icon name="check" />}</span>
            </>
          )}
        </ListBoxItem>
      )}
    </ListBox>
  );
}
