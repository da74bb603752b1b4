import { useEffect, useRef } from "react";

import type { ChipFace } from "../backend/bindings";
import { m } from "../paraglide/messages";
import { useWorkstation } from "../state/workstation";

import "./ChipPicture.css";

interface ChipPictureProps {
  picture: ChipFace;
  /** It can't be shown: its one fetch is over, or it isn't a picture. */
  onFail: () => void;
}

/** The picture out of the document's chip, to be looked at and nothing else: it can't be dragged or copied from here. */
export function ChipPicture({ picture: { token, width, height }, onFail }: ChipPictureProps) {
  const { faceUrl } = useWorkstation();
  const image = useRef<HTMLImageElement>(null);

  useEffect(() => {
    const element = image.current;
    const refuse = (event: Event) => event.preventDefault();
    element?.addEventListener("contextmenu", refuse);
    return () => element?.removeEventListener("contextmenu", refuse);
  }, []);

  return (
    <figure className="chip-picture">
      <img
        ref={image}
        src={faceUrl(token)}
        width={width}
        height={height}
        alt={m.face_picture()}
        draggable={false}
        onError={onFail}
      />
      <figcaption>{m.face_picture_caption()}</figcaption>
    </figure>
  );
}
