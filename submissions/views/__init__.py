"""The pages of collecting: the form, the check before it goes out, review, correction, lists of forms."""
