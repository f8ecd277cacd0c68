"""E-mails that leave: the port, its SMTP adapter, a fake, and how a letter is written."""
