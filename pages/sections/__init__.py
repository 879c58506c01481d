"""Parts of one page each, in files of their own where the page would be long."""
