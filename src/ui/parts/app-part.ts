import type { App } from '#app/app.ts';
import { FramePart } from './frame-part.ts';

/** An element that is only there once the workspace is open: a panel, and what is in one. */
export abstract class AppPart extends FramePart {
  declare app: App;
}
