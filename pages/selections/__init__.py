"""What is selected: areas, months, a page's own choices; kept in the address and handed to pages as a Context."""
