"""Questions of pages and exports, answered from the facts of one data version: a file for each subject."""
