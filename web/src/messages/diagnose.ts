export const diagnose = {
  'authTest.title': 'Auth test',
  'authTest.lead': 'Ask the decision a question by hand, as a NAS would. No packet is sent, and nothing is recorded.',
  'authTest.question': 'Question',
  'authTest.answer': 'Answer',
  'authTest.passwordHint': 'The one the customer’s router sends. Never kept, never part of the link.',
  'authTest.nasHint': 'Its vendor decides the words of the answer.',
  'authTest.anyNas': 'Any (WISPr)',
  'authTest.run': 'Ask',
  'authTest.empty': 'No question asked yet',
  'authTest.emptyHint':
    'Type a login and the password its router sends. The verdict appears here with its reason, and for an accept the attributes as the NAS would get them.',
  'authTest.attributes': 'Attributes of the Access-Accept',
  'authTest.copy': 'Copy the attributes as text',

  'attribute.name': 'Attribute',
  'attribute.value': 'Value',
  'attribute.hex': 'Octets',
} as const;
