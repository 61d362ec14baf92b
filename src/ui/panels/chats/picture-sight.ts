import { html, nothing, type ReactiveControllerHost, type TemplateResult } from 'lit';
import type { Chats, NoSight } from '#app/chat/chats.ts';
import { icon } from '#ui/parts/icon.ts';

export interface PictureSightOptions {
  readonly chats: () => Chats;
  /** The model of the chat, empty for that of the settings; undefined while no picture waits to be sent. */
  readonly model: () => string | undefined;
}

/** Says, before pictures are sent, that the model takes none. */
export function pictureSight(
  host: ReactiveControllerHost,
  { chats, model }: PictureSightOptions,
): { render(): TemplateResult | typeof nothing } {
  let asked: string | undefined;
  let found: NoSight | null = null;

  const look = async (ofChat: string): Promise<void> => {
    const next = await chats().noSight(ofChat);
    if (asked !== ofChat) return;
    found = next;
    host.requestUpdate();
  };

  host.addController({
    hostUpdated() {
      const ofChat = model();
      if (ofChat === asked) return;
      asked = ofChat;
      found = null;
      if (ofChat !== undefined) void look(ofChat);
    },
  });

  const tryAgain = async (name: string): Promise<void> => {
    await chats().trySight(name);
    found = null;
    host.requestUpdate();
  };

  return {
    render() {
      if (!found || asked === undefined) return nothing;
      const { model: name, why } = found;
      return html`<div slot="notice" class="sight" role="status">
        ${icon('circle-alert')}
        <p>${
          why === 'refused'
            ? `${name} takes no pictures: it has refused them. It is given their names alone.`
            : `${name} takes no pictures, as its server says. Choose another model to have them looked at.`
        }</p>
        ${why === 'refused' ? html`<button @click=${() => tryAgain(name)}>Send them all the same</button>` : nothing}
      </div>`;
    },
  };
}
