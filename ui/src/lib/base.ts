/** Where the UI is mounted, with a slash at the end: what the server wrote into `<base href>`. */
export function basePath(): string {
  return new URL(document.baseURI).pathname.replace(/[^/]*$/, '');
}
