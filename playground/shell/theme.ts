const KEY = 'bgthread-theme'

/** Lets a button choose between light and dark; until it is pressed the system's choice holds. */
export function setUpTheme(button: HTMLButtonElement): void {
  const root = document.documentElement
  const systemIsDark = matchMedia('(prefers-color-scheme: dark)')
  const isDark = () => (root.dataset.theme ? root.dataset.theme === 'dark' : systemIsDark.matches)
  const label = () => button.setAttribute('aria-label', isDark() ? 'Use light colours' : 'Use dark colours')

  const kept = localStorage.getItem(KEY)
  if (kept) root.dataset.theme = kept
  label()
  systemIsDark.addEventListener('change', label)
  button.addEventListener('click', () => {
    root.dataset.theme = isDark() ? 'light' : 'dark'
    localStorage.setItem(KEY, root.dataset.theme)
    label()
  })
}
