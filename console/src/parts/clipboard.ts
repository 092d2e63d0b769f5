/**
 * Puts a text onto the clipboard, also where the page came over plain http and the browser gives no `navigator.clipboard`.
 * @param beside where the text is held meanwhile: within an open dialog, which keeps the focus to itself
 * @returns whether it is there
 */
export const toClipboard = async (text: string, beside: Element): Promise<boolean> => {
  // TypeScript takes it for always there.
  const clipboard = navigator.clipboard as Clipboard | undefined;
  try {
    if (clipboard !== undefined) {
      await clipboard.writeText(text);
      return true;
    }
    return copyOfSelection(text, beside);
  } catch {
    return false;
  }
};

const copyOfSelection = (text: string, beside: Element): boolean => {
  const focused = document.activeElement;
  const field = document.createElement('textarea');
  field.value = text;
  field.readOnly = true;
  field.className = 'visually-hidden';
  beside.after(field);
  field.select();
  const isCopied = document.execCommand('copy');
  field.remove();
  if (focused instanceof HTMLElement) focused.focus();
  return isCopied;
};
