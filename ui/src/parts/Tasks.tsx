import { useEffect, useId, useRef, useState } from "react";

import type { AccessAlert, TaskView, UnprovenErasure } from "../backend/bindings";
import { dayAndTime, momentNear } from "../format/dates";
import { m } from "../paraglide/messages";
import { useNow } from "../state/clock";
import { useCall } from "../state/workstation";
import { taskText } from "../texts/tasks";
import { Action } from "./Action";
import { ConfirmDialog } from "./ConfirmDialog";
import { Icon } from "./Icon";

import "./Tasks.css";

interface TasksProps {
  tasks: TaskView[];
  erasures: UnprovenErasure[];
  alerts: AccessAlert[];
  /** Id of whoever looks: nobody settles what is about themselves. */
  reader: string | null;
  onOpen: (visit: string) => void;
}

/**
 * What a supervisor looks after: deletions that aren't confirmed, what the account service won't take or the desk can't send,
 * unusual look-ups.
 */
export function Tasks({ tasks, erasures, alerts, reader, onOpen }: TasksProps) {
  const call = useCall();
  const titleId = useId();
  const heading = useRef<HTMLHeadingElement>(null);
  const [asked, setAsked] = useState<TaskView | null>(null);
  const [seen, setSeen] = useState<AccessAlert | null>(null);

  // The button of a task that is done goes with it: the focus stays among the others.
  const count = tasks.length + erasures.length + alerts.length;
  const shown = useRef(count);
  useEffect(() => {
    if (count < shown.current && document.activeElement === document.body) heading.current?.focus();
    shown.current = count;
  }, [count]);

  return (
    <section className="tasks" aria-labelledby={titleId}>
      <h2 ref={heading} id={titleId} tabIndex={-1}>
        {m.tasks_title({ count })}
      </h2>
      <ul>
        {erasures.map((erasure) => (
          <Erasure key={erasure.at} erasure={erasure} />
        ))}
        {tasks.map((task) => (
          <Task key={task.id} task={task} onOpen={onOpen} onClose={() => setAsked(task)} />
        ))}
        {alerts.map((alert) => (
          <Alert
            key={`${alert.staffId} ${alert.hour}`}
            alert={alert}
            isOwn={alert.staffId === reader}
            onSeen={() => setSeen(alert)}
          />
        ))}
      </ul>
      {asked !== null && (
        <ConfirmDialog
          title={m.confirm_task_title()}
          text={m.confirm_task_text({ task: taskText(asked).title })}
          doIt={m.confirm_task_do()}
          onConfirm={() => {
            setAsked(null);
            void call("close_task", { task: asked.id });
          }}
          onClose={() => setAsked(null)}
        />
      )}
      {seen !== null && (
        <ConfirmDialog
          title={m.confirm_alert_title()}
          text={m.confirm_alert_text({ name: seen.staff })}
          doIt={m.confirm_alert_do()}
          onConfirm={() => {
            setSeen(null);
            void call("close_access_alert", { staffId: seen.staffId, hour: seen.hour });
          }}
          onClose={() => setSeen(null)}
        />
      )}
    </section>
  );
}

/** Nothing to be done here but to call; it goes by itself once it is confirmed. */
function Erasure({ erasure: { at, triedAt } }: { erasure: UnprovenErasure }) {
  const now = useNow();
  return (
    <li className="task" data-task="erasure">
      <Icon name="attention" />
      <div>
        <p>
          <strong>{m.erasure_unproven_title({ when: dayAndTime(at) })}</strong> {m.erasure_unproven_next()}
        </p>
        <p className="task__about">
          <span>{m.erasure_tried({ when: momentNear(triedAt, now) })}</span>
        </p>
      </div>
    </li>
  );
}

interface AlertProps {
  alert: AccessAlert;
  isOwn: boolean;
  onSeen: () => void;
}

/** Who looked how many people up for nothing; never whom. */
function Alert({ alert: { staff, hour, lookUps, withoutVisit }, isOwn, onSeen }: AlertProps) {
  const when = dayAndTime(hour);
  const title = m.alert_title({ name: staff, count: withoutVisit });
  return (
    <li className="task" data-task="alert">
      <Icon name="attention" />
      <div>
        <p>
          <strong>{title}</strong> {m.alert_next()}
        </p>
        <p className="task__about">
          <span>{m.alert_hour({ when })}</span>
          <span>{m.alert_of({ count: lookUps })}</span>
          {isOwn && <span>{m.alert_own()}</span>}
        </p>
      </div>
      {!isOwn && (
        <div className="task__actions">
          <Action
            look="plain"
            label={m.alert_seen()}
            spokenLabel={m.alert_seen_of({ name: staff, when })}
            onPress={onSeen}
          />
        </div>
      )}
    </li>
  );
}

interface TaskProps {
  task: TaskView;
  onOpen: (visit: string) => void;
  onClose: () => void;
}

function Task({ task, onOpen, onClose }: TaskProps) {
  const now = useNow();
  const { title, next, why } = taskText(task);
  const { visit, reference } = task;
  // What tells two tasks of a kind apart when they are read aloud.
  const name = reference === null ? title : `${title}, ${reference}`;
  return (
    <li className="task" data-task={task.what}>
      <Icon name="attention" />
      <div>
        <p>
          <strong>{title}.</strong> {next}
        </p>
        <p className="task__about">
          {reference !== null && <span className="task__reference">{reference}</span>}
          <span>{m.task_since({ when: momentNear(task.since, now) })}</span>
          <span className="task__why">{why}</span>
        </p>
      </div>
      <div className="task__actions">
        {visit !== null && (
          <Action
            look="secondary"
            label={m.task_open()}
            spokenLabel={m.task_open_of({ task: name })}
            onPress={() => onOpen(visit)}
          />
        )}
        <Action
          look="plain"
          label={m.task_close()}
          spokenLabel={m.task_close_of({ task: name })}
          onPress={onClose}
        />
      </div>
    </li>
  );
}
