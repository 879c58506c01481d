"""The server around the pages: who is let in from where, what every response carries, and the files of the frontend."""
