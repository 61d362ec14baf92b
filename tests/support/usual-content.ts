/** A workspace as somebody who studies has it: what pictures of the app show. */
import type { Content } from './surfaces.ts';

export const usualContent: Content = {
  notes: [
    { title: 'Reading list', text: 'Three papers on conflict-free replicated trees, and the chapter on vector clocks.' },
    { title: 'Spanish: irregular verbs', text: 'ir, ser, estar, tener. Drill the *pretérito* on the train.' },
    { title: 'Organic chemistry, week 6', text: 'Nucleophilic substitution: SN1 against SN2, and when each wins.' },
    { title: 'علم الأحياء: التنفس الخلوي', text: 'تحويل الغلوكوز إلى طاقة في الميتوكوندريا.' },
    { title: 'Linear algebra', text: 'Eigenvectors point where the map only stretches: $A v = \\lambda v$.' },
    {
      title: 'Photosynthesis',
      text: `Plants turn **light** into sugar in two steps:

$$6\\,CO_2 + 6\\,H_2O \\to C_6H_{12}O_6 + 6\\,O_2$$

## Light reactions

- Water is split in the *thylakoid*; oxygen leaves
- ATP and \`NADPH\` carry the energy on

## Calvin cycle

> Six turns make one glucose.

1. Carbon is fixed by RuBisCO
2. Reduction to sugar
3. RuBP is made again

- [x] Read chapter 8
- [ ] Draw the cycle from memory
`,
    },
  ],
  tags: ['biology', 'exam'],
  notebook: 'Biology 101',
  prompt: 'Why is RuBisCO called slow?',
  answer: `It fixes only **3 to 10** molecules of CO₂ a second, where many enzymes do thousands. Two reasons:

| reason | effect |
|---|---|
| it must tell CO₂ from O₂ | accuracy costs speed |
| it evolved without oxygen around | nothing favoured it then |

Plants make up for it by quantity:

\`\`\`js
const rate = enzymes * 3; // molecules a second
\`\`\`

So it is the most abundant protein on Earth.`,
  searched: 'light',
};
