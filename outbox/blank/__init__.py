"""form.toml → the blank that is sent, as a Word form or a workbook."""
