// The five steps of a rotation, as in the README, and which of them is next.

export interface PasswordEntry {
  readonly id: string
  readonly retired?: true
}

export interface ShownStep {
  /** 1 to 5. */
  readonly step: number
  readonly title: string
  readonly explanation: string
  /** The list to deploy. Absent if the step deploys nothing. */
  readonly passwords?: readonly PasswordEntry[]
}

/** `moved`: the third step is done. The list does not show it. */
export function stepToShow(passwords: readonly PasswordEntry[], moved: boolean): ShownStep {
  const [first, second] = passwords
  if (!first) throw new Error('There is no password.')
  if (!second) {
    const id = String(Number(first.id) + 1)
    return {
      step: 1,
      title: `Add password ${id}, second`,
      explanation: 'The Action will know it, but not use it yet.',
      passwords: [first, { id }],
    }
  }
  if (second.retired) {
    return {
      step: 5,
      title: `Remove password ${second.id}`,
      explanation: 'Its value is removed from the state.',
      passwords: [first],
    }
  }
  if (Number(second.id) > Number(first.id)) {
    return {
      step: 2,
      title: `Put password ${second.id} on top`,
      explanation: 'After that, a user who signs in is moved to it: four requests, once.',
      passwords: [second, first],
    }
  }
  if (!moved) {
    return {
      step: 3,
      title: 'Move the users who do not sign in',
      explanation: `In production this is \`npm run passwords -- --stack <stack> --apply\`. Here, sign in once more: a user who does not cannot sign in after the next step.`,
    }
  }
  return {
    step: 4,
    title: `Retire password ${second.id}`,
    explanation: 'The Action no longer knows it. It stays in the state, so that you can go back.',
    passwords: [first, { id: second.id, retired: true }],
  }
}
