"""Wishes → letters ready to send. Reads templates only; sends nothing, stores nothing."""
