"""Forms and compounds of Finnish and Swedish words: tables built from word lists, and what is read out of them."""
