"""The doctor: evidence of a run, rules that read it, findings with their causes and cures."""
