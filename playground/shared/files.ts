/** How large the sample is that the button makes. In bytes. */
export const SAMPLE_BYTES = 50_000_000

/** How large the small sample is. In bytes. */
export const SMALL_SAMPLE_BYTES = 750_000

/** A JSON file in which somebody forgot a quote. */
export function brokenFile(): File {
  const line = (title: string, hours: number) => `  { "title": "${title}", "hours": ${hours} }`
  const lines = [
    line('Oil the copper hinge', 2),
    line('Mend the north gate', 3.5),
    line('Wind the blue warp', 1),
  ]
  lines.push('  { "title": "Thread the loom, "hours": 4 }', line('Sweep the weaving shed', 0.5))
  return new File([`[\n${lines.join(',\n')}\n]\n`], 'broken.json', { type: 'application/json' })
}

/** The file that a file input was given; the input is ready for the same file again. */
export function takeFile(event: Event): File | undefined {
  const input = event.target as HTMLInputElement
  const file = input.files?.[0]
  input.value = ''
  return file
}

/** The files that a file input was given; the input is ready for the same files again. */
export function takeFiles(event: Event): File[] {
  const input = event.target as HTMLInputElement
  const files = [...(input.files ?? [])]
  input.value = ''
  return files
}

/** Whether something dragged over the page is a file. */
export function carriesFile(event: DragEvent): boolean {
  return event.dataTransfer?.types.includes('Files') ?? false
}

/** Whether a drag that leaves an element goes to a part of it. */
export function isInside(event: DragEvent): boolean {
  return (event.currentTarget as Node).contains(event.relatedTarget as Node | null)
}
