/** Content of the file that says which server a root directory belongs to. */
export const ownershipOf = (serverId: string): string => `${JSON.stringify({ server: serverId })}\n`;
