/** Memory in use, and the room above it. */
export function Mark({ className }: { readonly className?: string | undefined }) {
  return (
    <svg className={className} viewBox="0 0 18 18" aria-hidden="true">
      <rect
        x="1"
        y="1"
        width="16"
        height="16"
        rx="3"
        fill="none"
        stroke="currentColor"
        strokeDasharray="2.2 1.8"
      />
      <path d="M1 11h16v3a3 3 0 0 1-3 3H4a3 3 0 0 1-3-3z" fill="#0072B2" />
      <rect x="1" y="8" width="16" height="3" fill="#E69F00" />
    </svg>
  )
}
