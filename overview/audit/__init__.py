"""The auditor's desk: what was asked for, the records that answer it, two moments, the bundle that is taken out."""
