/** The package of a requirement: `nvidia-cublas` of `nvidia-cublas~=13.0`. */
export function packageName(requirement: string): string {
  return requirement.split(/[~=]=/, 1)[0]!
}

/** Whether a version answers a requirement: `name==1.30.0` exactly, `name~=13.0` by any version of 13. */
export function answersRequirement(version: string, requirement: string): boolean {
  const [, wanted = ''] = requirement.split(/[~=]=/)
  if (requirement.includes('==')) return version === wanted
  return version.split('.', 1)[0] === wanted.split('.', 1)[0]
}

/** Below zero where `a` is the older one; the parts of a version are compared as numbers. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [a.split('.').map(Number), b.split('.').map(Number)]
  for (let i = 0; i < Math.max(left.length, right.length); i += 1) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}
