/**
 * Files that are dropped where nothing takes them would be opened by the browser in the app's place. Asked last: whoever takes
 * a drop has prevented that by then.
 */
function refuse(event: DragEvent): void {
  const { dataTransfer } = event;
  if (event.defaultPrevented || !dataTransfer?.types.includes('Files')) return;
  event.preventDefault();
  dataTransfer.dropEffect = 'none';
}

/** Takes all files that nobody claims, and does nothing with them. */
export function refuseUnclaimedDrops(page: Window): void {
  page.addEventListener('dragover', refuse);
  page.addEventListener('drop', refuse);
}
