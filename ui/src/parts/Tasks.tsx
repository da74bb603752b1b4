import { useEffect, useId, useRef, useState } from "react";

import type { TaskView } from "../backend/bindings";
import { momentNear } from "../format/dates";
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
  onOpen: (visit: string) => void;
}

/** What the account service won't take, or the desk can't send: what it is, and what a supervisor does about it. */
export function Tasks({ tasks, onOpen }: TasksProps) {
  const call = useCall();
  const titleId = useId();
  const heading = useRef<HTMLHeadingElement>(null);
  const [asked, setAsked] = useState<TaskView | null>(null);

  // The button of a task that is done goes with it: the focus stays among the others.
  const count = tasks.length;
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
        {tasks.map((task) => (
          <Task key={task.id} task={task} onOpen={onOpen} onClose={() => setAsked(task)} />
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
    </section>
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
