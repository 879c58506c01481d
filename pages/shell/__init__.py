"""Around every page: sign-in, the data strip, the order of pages, and what the server opens once."""
