"""What a mail may be, one kind in a file: a return, a feedback form, an order, a sheet, a bounce, small talk."""
