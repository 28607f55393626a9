const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or directory',
  ENOTDIR: 'a part of its path is a file, not a directory',
  EISDIR: 'it is a directory',
  EEXIST: 'there is a file of that name, where a directory is to be',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the file system can only be read',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EMFILE: 'this process has too many files open',
  ENAMETOOLONG: 'the name is too long',
  ELOOP: 'its links lead in a circle',
}

/** Why something could not be done, for people: which file the system refused and why, or else the error's own words. */
export function errorText(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const { code, path } = refusalOf(error)
  const reason = reasons[code]
  if (reason === undefined) return error.message
  return path === '' ? reason : `${path}: ${reason}`
}

function refusalOf(error: Error): { readonly code: string; readonly path: string } {
  const textOf = (name: 'code' | 'path') => {
    const value: unknown = Object.getOwnPropertyDescriptor(error, name)?.value
    return typeof value === 'string' ? value : ''
  }
  return { code: textOf('code'), path: textOf('path') }
}
