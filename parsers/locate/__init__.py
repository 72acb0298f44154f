"""FormDefinition × Grid → answers, each with its place and how sure we are; text in no answer is left over, never dropped."""
