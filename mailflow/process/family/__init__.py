"""The family's views: asked for, and come back."""
