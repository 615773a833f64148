"""The contractor's local form: a page that edits the hand-edited files with the same checks. Never a public site."""
