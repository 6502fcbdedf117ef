import { Option } from 'commander'

/** An option that says its default in the help and leaves judging its value to the command. */
export function flag(flags: string, description: string, usual: string): Option {
  return new Option(flags, `${description} (default: ${usual})`)
}
