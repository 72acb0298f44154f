"""The words of an answer → what a careful person would settle them to."""
