"""What is read as a page: reports, case note, telephone guide, postal pack, invitation."""
