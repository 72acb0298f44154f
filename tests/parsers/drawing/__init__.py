"""Draws any form as a Word document, in every way councils, auditors and Word itself lay one out."""
