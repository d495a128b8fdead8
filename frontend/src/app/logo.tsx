/** A touchstone with a streak of gold. */
export function Logo({ sizePx }: { readonly sizePx: number }) {
  return (
    <svg width={sizePx} height={sizePx} viewBox="0 0 32 32" aria-hidden="true">
      <rect x=".5" y=".5" width="31" height="31" rx="6" fill="#252c36" stroke="#4a5361" />
      <path d="M7.5 24.5 20.8 5.2l4.4 2.6-11.4 18.7z" fill="#e6b83f" />
      <path d="m17.6 25.6 5.6-9.2 2.6 1.4-4.9 8.4z" fill="#e6b83f" opacity=".55" />
    </svg>
  );
}
