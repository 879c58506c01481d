"""Ask a question, draw the answer: one module per page with TITLE and render(context), and what pages share."""
