/** The addresses of a text with one a line, or with commas between them. */
export const addresses = (text: string): string[] => text.split(/[\s,;]+/).filter(Boolean);
